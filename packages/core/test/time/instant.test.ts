import { describe, expect, it } from "vitest";
import { parseInstant } from "../../src/time/instant.js";

const start = (value: string | Date, timeZone = "UTC") => parseInstant(value, { edge: "start", timeZone });
const end = (value: string | Date, timeZone = "UTC") => parseInstant(value, { edge: "end", timeZone });

describe("parseInstant", () => {
  it("reads a bare date as the first instant of that day, and as an end that of the next day", () => {
    expect(start("2024-01-31")).toBe("2024-01-31T00:00:00.000Z");
    expect(end("2024-01-31")).toBe("2024-02-01T00:00:00.000Z");
    expect(end("2024/02/29")).toBe("2024-03-01T00:00:00.000Z");
    expect(end(" 2023-12-31 ")).toBe("2024-01-01T00:00:00.000Z");
  });

  it("counts days of 23 and 25 hours", () => {
    expect(start("2024-03-31", "Europe/Berlin")).toBe("2024-03-30T23:00:00.000Z");
    expect(end("2024-03-31", "Europe/Berlin")).toBe("2024-03-31T22:00:00.000Z");
    expect(start("2024-10-27", "Europe/Berlin")).toBe("2024-10-26T22:00:00.000Z");
    expect(end("2024-10-27", "Europe/Berlin")).toBe("2024-10-27T23:00:00.000Z");
  });

  it("knows days without a midnight", () => {
    expect(start("2018-11-04", "America/Sao_Paulo")).toBe("2018-11-04T03:00:00.000Z");
    expect(end("2018-11-03", "America/Sao_Paulo")).toBe("2018-11-04T03:00:00.000Z");
    expect(end("2011-12-29", "Pacific/Apia")).toBe("2011-12-30T10:00:00.000Z");
    expect(start("2011-12-30", "Pacific/Apia")).toMatchObject({ code: "timestamp_nonexistent" });
  });

  it("reads everything else as it is, at both ends", () => {
    for (const edge of [start, end]) {
      expect(edge("2024-01-31T00:00:00Z")).toBe("2024-01-31T00:00:00.000Z");
      expect(edge("2024-01-31T00:00", "Asia/Kolkata")).toBe("2024-01-30T18:30:00.000Z");
      expect(edge("2024-01-31T00:00:00.000001+01:00")).toBe("2024-01-30T23:00:00.000001Z");
      expect(edge("1705314600")).toBe("2024-01-15T10:30:00.000Z");
      expect(edge(new Date(0))).toBe("1970-01-01T00:00:00.000Z");
    }
  });

  it.each([
    ["2024-02-30", "timestamp_impossible"],
    ["01/02/2024", "timestamp_ambiguous"],
    ["20240115", "timestamp_ambiguous"],
    ["yesterday", "timestamp_not_recognized"],
    ["", "timestamp_not_recognized"],
    ["10000-01-01", "timestamp_out_of_range"],
  ])("refuses %j at either end", (text, code) => {
    expect(start(text)).toMatchObject({ code });
    expect(end(text)).toMatchObject({ code });
  });

  it("refuses an end that no timestamp can express", () => {
    expect(end("9999-12-30")).toBe("9999-12-31T00:00:00.000Z");
    expect(end("9999-12-31")).toEqual({
      code: "timestamp_out_of_range",
      message: 'the day after "9999-12-31" is outside the years 0001 to 9999 (UTC); leave the end out',
    });
  });

  it("gives advice for queries, not for mappings", () => {
    expect(start("01/02/2024")).toMatchObject({
      message: '"01/02/2024" is ambiguous; write 2024-01-15 or 2024-01-15T10:30:00Z',
    });
    expect(start("soon")).toMatchObject({
      message: '"soon" is not an instant; write 2024-01-15 or 2024-01-15T10:30:00Z',
    });
    expect(start("0000-00-00")).toMatchObject({
      message: '"0000-00-00" is not an instant; write 2024-01-15 or 2024-01-15T10:30:00Z',
    });
  });
});

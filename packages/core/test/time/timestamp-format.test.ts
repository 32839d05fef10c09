import { describe, expect, it } from "vitest";
import { parseTimestamp, type TimestampFormat, TimestampReader } from "../../src/time/timestamp.js";

const answering = (answer: ReturnType<TimestampFormat["parse"]>): TimestampFormat => ({
  name: "test",
  parse: () => answer,
});
const read = (value: unknown, ...formats: TimestampFormat[]) => parseTimestamp(value, { formats });

describe("a timestamp format", () => {
  it("is called in order, with the trimmed string and the zone", () => {
    const asked: string[] = [];
    const asking = (name: string, answer: number | null): TimestampFormat => ({
      name,
      parse: (text, timeZone) => {
        asked.push(`${name} ${text} ${timeZone}`);
        return answer;
      },
    });
    const formats = [asking("first", null), asking("second", 5), asking("third", 6)];
    expect(parseTimestamp(" tick ", { formats, timeZone: "Asia/Kolkata" })).toBe("1970-01-01T00:00:00.005Z");
    expect(asked).toEqual(["first tick Asia/Kolkata", "second tick Asia/Kolkata"]);
  });

  it("is called with UTC if the rules name no zone", () => {
    const formats: TimestampFormat[] = [
      { name: "zone", parse: (_, timeZone) => (timeZone === "UTC" ? 0 : null) },
    ];
    expect(parseTimestamp("x", { formats })).toBe("1970-01-01T00:00:00.000Z");
  });

  it("is tried before every built-in form", () => {
    expect(read("01/02/2024", answering(7))).toBe("1970-01-01T00:00:00.007Z");
    expect(read("20240115", answering(7))).toBe("1970-01-01T00:00:00.007Z");
    expect(read(20_240_115, answering(7))).toBe("1970-01-01T00:00:00.007Z");
    for (const text of ["2024-01-15", "2024-01-15T10:30:00Z", "2024-13-15", "1705314600"])
      expect(read(text, answering(7))).toBe("1970-01-01T00:00:00.007Z");
    expect(read(1_705_314_600, answering(7))).toBe("1970-01-01T00:00:00.007Z");
    expect(read(new Date(0), answering(7))).toBe("1970-01-01T00:00:00.000Z");
  });

  it("leaves built-in forms as they are if it does not know them", () => {
    expect(read("2024-01-15T10:30:00Z", answering(null))).toBe("2024-01-15T10:30:00.000Z");
    expect(read(1_705_314_600, answering(null))).toBe("2024-01-15T10:30:00.000Z");
    expect(read(1_705_314_600_123_456_800, answering(null))).toMatchObject({
      code: "timestamp_not_recognized",
    });
  });

  it("may return ISO 8601 with an offset, to the last digit", () => {
    const iso = { iso: "2024-01-15T10:30:00.123456789+01:00" };
    expect(new TimestampReader({ formats: [answering(iso)] }).read("tick")).toBe(
      "2024-01-15T09:30:00.123456789Z",
    );
    expect(read("tick", answering({ iso: "2024-02-30T10:30:00Z" }))).toMatchObject({
      code: "timestamp_impossible",
    });
    for (const without of ["2024-01-15", "2024-01-15T10:30:00", "soon"])
      expect(read("tick", answering({ iso: without }))).toMatchObject({
        message: expect.stringContaining("which is not ISO 8601 with an offset; fix the format"),
      });
  });

  it("decides about a local time that occurs twice by the rules", () => {
    const given: unknown[] = [];
    const format: TimestampFormat = {
      name: "given",
      parse: (_, timeZone, repeated) => {
        given.push(timeZone, repeated);
        return "repeated";
      },
    };
    const rules = { formats: [format], timeZone: "Europe/Berlin" };
    expect(parseTimestamp("tick", rules)).toMatchObject({ code: "timestamp_repeated" });
    parseTimestamp("tick", { ...rules, repeatedLocalTime: "second" });
    expect(given).toEqual(["Europe/Berlin", "reject", "Europe/Berlin", "second"]);
  });

  it("leaves a string that it does not know to the next format", () => {
    expect(read("01/02/2024", answering(null))).toMatchObject({ code: "timestamp_ambiguous" });
    expect(read("tick", answering(null))).toMatchObject({ code: "timestamp_not_recognized" });
  });

  it("determines the problem of a string that it knows", () => {
    expect(read("tick", answering("impossible"), answering(7))).toMatchObject({
      code: "timestamp_impossible",
    });
    expect(read("tick", answering("nonexistent"), answering(7))).toMatchObject({
      code: "timestamp_nonexistent",
    });
  });

  it("is cut to a millisecond, and its range is checked", () => {
    expect(read("tick", answering(1.9))).toBe("1970-01-01T00:00:00.001Z");
    expect(read("tick", answering(-0.1))).toBe("1969-12-31T23:59:59.999Z");
    expect(read("tick", answering(1e15))).toMatchObject({ code: "timestamp_out_of_range" });
  });

  it("rejects the event, and does not throw, if it is defective", () => {
    const broken: TimestampFormat = {
      name: "broken",
      parse: () => {
        throw new Error("out of order");
      },
    };
    expect(read("tick", broken)).toEqual({
      code: "timestamp_not_recognized",
      message: 'timestamp "tick": the format "broken" failed with "out of order"; fix the format',
    });
    expect(read("tick", answering(Number.NaN))).toMatchObject({
      code: "timestamp_not_recognized",
      message: expect.stringContaining('the format "test" returned NaN'),
    });
  });
});

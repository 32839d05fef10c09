import { describe, expect, it } from "vitest";
import { bucketLabel, bucketStarts } from "../../src/time/buckets.js";

const starts = (
  from: string,
  to: string,
  interval: "hour" | "day" | "week" | "month",
  timeZone = "UTC",
  most = 1000,
) => bucketStarts(from, to, interval, timeZone, most);

describe("bucketStarts", () => {
  it("begins with the range, then at each local start, and ends before the range does", () => {
    expect(starts("2024-01-15T10:30:00.000Z", "2024-01-18T00:00:00.000Z", "day")).toEqual([
      "2024-01-15T10:30:00.000Z",
      "2024-01-16T00:00:00.000Z",
      "2024-01-17T00:00:00.000Z",
    ]);
    expect(starts("2024-01-15T00:00:00.000Z", "2024-01-16T00:00:00.000Z", "day")).toEqual([
      "2024-01-15T00:00:00.000Z",
    ]);
  });

  it("counts microseconds at both ends", () => {
    expect(starts("2024-01-15T23:59:59.999999Z", "2024-01-16T00:00:00.000001Z", "day")).toEqual([
      "2024-01-15T23:59:59.999999Z",
      "2024-01-16T00:00:00.000Z",
    ]);
    expect(starts("2024-01-16T00:00:00.000001Z", "2024-01-17T00:00:00.000Z", "day")).toEqual([
      "2024-01-16T00:00:00.000001Z",
    ]);
  });

  it("has none for an empty range", () => {
    expect(starts("2024-01-15T10:30:00.000Z", "2024-01-15T10:30:00.000Z", "hour")).toEqual([]);
  });

  it("begins weeks on Monday and months on the first", () => {
    expect(starts("2024-02-27T12:00:00.000Z", "2024-03-12T00:00:00.000Z", "week")).toEqual([
      "2024-02-27T12:00:00.000Z",
      "2024-03-04T00:00:00.000Z",
      "2024-03-11T00:00:00.000Z",
    ]);
    expect(starts("2023-12-01T00:00:00.000Z", "2024-03-01T00:00:00.000Z", "month", "Asia/Kolkata")).toEqual([
      "2023-12-01T00:00:00.000Z",
      "2023-12-31T18:30:00.000Z",
      "2024-01-31T18:30:00.000Z",
      "2024-02-29T18:30:00.000Z",
    ]);
    expect(starts("1969-12-28T00:00:00.000Z", "1970-01-06T00:00:00.000Z", "week")).toEqual([
      "1969-12-28T00:00:00.000Z",
      "1969-12-29T00:00:00.000Z",
      "1970-01-05T00:00:00.000Z",
    ]);
  });

  it("knows days of 23 and 25 hours", () => {
    expect(starts("2024-03-30T23:00:00.000Z", "2024-04-01T22:00:00.000Z", "day", "Europe/Berlin")).toEqual([
      "2024-03-30T23:00:00.000Z",
      "2024-03-31T22:00:00.000Z",
    ]);
    expect(starts("2024-10-26T22:00:00.000Z", "2024-10-28T23:00:00.000Z", "day", "Europe/Berlin")).toEqual([
      "2024-10-26T22:00:00.000Z",
      "2024-10-27T23:00:00.000Z",
    ]);
  });

  it("has 23 and 25 hours on such days, each of an hour", () => {
    const spring = starts("2024-03-30T23:00:00.000Z", "2024-03-31T22:00:00.000Z", "hour", "Europe/Berlin");
    const autumn = starts("2024-10-26T22:00:00.000Z", "2024-10-27T23:00:00.000Z", "hour", "Europe/Berlin");
    expect([spring.length, autumn.length]).toEqual([23, 25]);
  });

  it("begins an hour if clocks change by half an hour, too", () => {
    expect(
      starts("2024-04-06T14:00:00.000Z", "2024-04-06T17:00:00.000Z", "hour", "Australia/Lord_Howe"),
    ).toEqual([
      "2024-04-06T14:00:00.000Z",
      "2024-04-06T15:00:00.000Z",
      "2024-04-06T15:30:00.000Z",
      "2024-04-06T16:30:00.000Z",
    ]);
    expect(
      starts("2024-10-05T15:00:00.000Z", "2024-10-05T17:30:00.000Z", "hour", "Australia/Lord_Howe"),
    ).toEqual([
      "2024-10-05T15:00:00.000Z",
      "2024-10-05T15:30:00.000Z",
      "2024-10-05T16:00:00.000Z",
      "2024-10-05T17:00:00.000Z",
    ]);
  });

  it("begins an hour if clocks are put back within one", () => {
    expect(
      starts("2010-11-07T02:30:00.000Z", "2010-11-07T04:00:00.000Z", "hour", "America/St_Johns"),
    ).toEqual(["2010-11-07T02:30:00.000Z", "2010-11-07T02:31:00.000Z", "2010-11-07T03:30:00.000Z"]);
  });

  it("begins hours when local clocks show a full hour", () => {
    expect(starts("2024-01-15T00:00:00.000Z", "2024-01-15T02:00:00.000Z", "hour", "Asia/Kathmandu")).toEqual([
      "2024-01-15T00:00:00.000Z",
      "2024-01-15T00:15:00.000Z",
      "2024-01-15T01:15:00.000Z",
    ]);
  });

  it("begins a day without a midnight at its first instant", () => {
    expect(
      starts("2018-11-03T03:00:00.000Z", "2018-11-05T02:00:00.000Z", "day", "America/Sao_Paulo"),
    ).toEqual(["2018-11-03T03:00:00.000Z", "2018-11-04T03:00:00.000Z"]);
  });

  it("has no bucket for a day that was skipped", () => {
    expect(starts("2011-12-29T10:00:00.000Z", "2012-01-01T10:00:00.000Z", "day", "Pacific/Apia")).toEqual([
      "2011-12-29T10:00:00.000Z",
      "2011-12-30T10:00:00.000Z",
      "2011-12-31T10:00:00.000Z",
    ]);
  });

  it("has one bucket for a day that began twice", () => {
    // one minute after midnight of November 7, clocks went back to 23:01 of November 6
    expect(starts("2010-11-06T02:30:00.000Z", "2010-11-08T03:30:00.000Z", "day", "America/St_Johns")).toEqual(
      ["2010-11-06T02:30:00.000Z", "2010-11-07T02:30:00.000Z"],
    );
    expect(starts("2010-11-07T03:00:00.000Z", "2010-11-08T03:30:00.000Z", "day", "America/St_Johns")).toEqual(
      ["2010-11-07T03:00:00.000Z"],
    );
  });

  it("covers the time from the first instant to the last", () => {
    expect(starts("0001-01-01T00:00:00.000Z", "0001-01-03T00:00:00.000Z", "day", "America/New_York")).toEqual(
      ["0001-01-01T00:00:00.000Z", "0001-01-01T04:56:02.000Z", "0001-01-02T04:56:02.000Z"],
    );
    expect(starts("9999-12-31T22:30:00.000Z", "9999-12-31T23:59:59.999999Z", "hour", "Asia/Kolkata")).toEqual(
      ["9999-12-31T22:30:00.000Z", "9999-12-31T23:30:00.000Z"],
    );
    expect(starts("9999-11-15T00:00:00.000Z", "9999-12-31T23:59:59.999999Z", "month")).toEqual([
      "9999-11-15T00:00:00.000Z",
      "9999-12-01T00:00:00.000Z",
    ]);
  });

  it("returns up to the maximum number of buckets, and no more", () => {
    const day = ["2024-01-15T00:00:00.000Z", "2024-01-16T00:00:00.000Z"] as const;
    expect(starts(...day, "hour", "UTC", 24)).toHaveLength(24);
    expect(starts(...day, "hour", "UTC", 23)).toBe("too-many");
    expect(starts(...day, "day", "UTC", 1)).toHaveLength(1);
    expect(starts("2024-01-15T00:00:00.000Z", "2024-01-16T00:00:00.001Z", "day", "UTC", 1)).toBe("too-many");
  });

  it("counts the longest week and month as one bucket", () => {
    expect(
      starts("2024-10-20T22:00:00.000Z", "2024-10-27T23:00:00.000Z", "week", "Europe/Berlin", 1),
    ).toHaveLength(1);
    expect(
      starts("2024-09-30T22:00:00.000Z", "2024-10-31T23:00:00.000Z", "month", "Europe/Berlin", 1),
    ).toHaveLength(1);
  });

  it("counts a day of 48 hours as one bucket", () => {
    expect(
      starts("1867-10-18T08:57:41.000Z", "1867-10-20T08:57:41.000Z", "day", "America/Juneau", 1),
    ).toEqual(["1867-10-18T08:57:41.000Z"]);
  });

  it("refuses ten thousand years of hours immediately", () => {
    const start = process.cpuUsage();
    expect(
      starts("0001-01-01T00:00:00.000Z", "9999-12-31T00:00:00.000Z", "hour", "Europe/Berlin", 1_000_000),
    ).toBe("too-many");
    // the hours themselves take a minute
    expect(process.cpuUsage(start).user).toBeLessThan(2_000_000);
  });
});

describe("bucketLabel", () => {
  it.each([
    ["2024-01-15T10:30:00.000Z", "hour", "UTC", "2024-01-15T10:00:00.000Z"],
    ["2024-01-15T10:30:00.000001Z", "day", "UTC", "2024-01-15T00:00:00.000Z"],
    ["2024-01-15T10:30:00.000Z", "hour", "Asia/Kathmandu", "2024-01-15T16:00:00.000+05:45"],
    ["2024-03-10T12:00:00.000Z", "day", "America/New_York", "2024-03-10T00:00:00.000-05:00"],
    ["2024-11-03T05:30:00.000Z", "hour", "America/New_York", "2024-11-03T01:00:00.000-04:00"],
    ["2024-11-03T06:30:00.000Z", "hour", "America/New_York", "2024-11-03T01:00:00.000-05:00"],
    ["2024-04-06T15:10:00.000Z", "hour", "Australia/Lord_Howe", "2024-04-07T01:30:00.000+10:30"],
    ["2018-11-04T12:00:00.000Z", "day", "America/Sao_Paulo", "2018-11-04T01:00:00.000-02:00"],
    ["2024-03-31T12:00:00.000Z", "week", "Europe/Berlin", "2024-03-25T00:00:00.000+01:00"],
    ["2024-03-31T12:00:00.000Z", "month", "Europe/Berlin", "2024-03-01T00:00:00.000+01:00"],
    ["2011-12-30T12:00:00.000Z", "day", "Pacific/Apia", "2011-12-31T00:00:00.000+14:00"],
    ["2010-11-07T03:00:00.000Z", "day", "America/St_Johns", "2010-11-07T00:00:00.000-02:30"],
    ["2010-11-07T02:45:00.000Z", "hour", "America/St_Johns", "2010-11-06T23:01:00.000-03:30"],
    ["0001-01-01T00:00:00.000Z", "month", "America/New_York", "0000-12-01T00:00:00.000-04:56:02"],
  ] as const)("of %s by %s in %s is %s", (instant, interval, timeZone, label) => {
    expect(bucketLabel(instant, interval, timeZone)).toBe(label);
  });
});

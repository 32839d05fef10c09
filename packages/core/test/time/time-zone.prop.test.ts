import { IANAZone } from "luxon";
import { describe, expect } from "vitest";
import { formatInZone, localInstant, offsetMsAt } from "../../src/time/time-zone.js";
import { parseTimestamp } from "../../src/time/timestamp.js";
import { fc, test } from "../properties.js";
import { epochMs, timeZone } from "../time-arbitraries.js";

/** luxon gets the clock from `Intl`, evt gets the offset. */
const oracle = (zone: string, ms: number) => IANAZone.create(zone).offset(ms) * 60_000;
const HOURS_16 = 57_600_000;

describe("time zones", () => {
  test.prop([timeZone, epochMs], { numRuns: 500 })("have the offsets that luxon sees", (zone, ms) => {
    const whole = Math.floor(ms / 1000) * 1000;
    expect(offsetMsAt(zone, whole)).toBeCloseTo(oracle(zone, whole), 3);
  });

  test.prop([timeZone, epochMs], { numRuns: 500 })(
    "convert the local time of an instant back to it, or to an earlier one with the same local time",
    (zone, ms) => {
      const local = ms + offsetMsAt(zone, ms);
      const instant = localInstant(zone, local, "first") as number;
      expect(instant).toBeLessThanOrEqual(ms);
      expect(instant + offsetMsAt(zone, instant)).toBe(local);
      // if it were the second of two instants, an earlier offset would show the same time
      for (const offset of [offsetMsAt(zone, instant - HOURS_16), offsetMsAt(zone, instant - 1)]) {
        if (local - offset < instant) expect(offsetMsAt(zone, local - offset)).not.toBe(offset);
      }
    },
  );

  test.prop([timeZone, epochMs], { numRuns: 500 })(
    "have one or two instants for a local time that they show, of which one is the instant",
    (zone, ms) => {
      const local = ms + offsetMsAt(zone, ms);
      const [first, second] = [localInstant(zone, local, "first"), localInstant(zone, local, "second")];
      expect([first, second]).toContain(ms);
      expect(localInstant(zone, local, "reject")).toBe(first === second ? ms : "repeated");
    },
  );

  test.prop([timeZone, epochMs], { numRuns: 500 })(
    "have no instant for a local time only if clocks skip it",
    (zone, local) => {
      if (localInstant(zone, local, "first") !== "nonexistent") return;
      const [before, after] = [offsetMsAt(zone, local - HOURS_16), offsetMsAt(zone, local + HOURS_16)];
      expect(after).toBeGreaterThan(before);
    },
  );

  test.prop([timeZone, epochMs.filter((ms) => Math.abs(ms) < 6.2e13), fc.integer({ min: 0, max: 999 })])(
    "write instants that can be read back",
    (zone, ms, micros) => {
      expect(parseTimestamp(formatInZone(ms, zone, micros))).toBe(
        parseTimestamp(formatInZone(ms, "UTC", micros)),
      );
    },
  );
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cover, coverOf, type Stretch } from "../../src/totals/cover.js";
import { MONTH_SPANS } from "../../src/totals/rollup-spans.js";

const QUARTER = 900_000_000n;
const HOUR = 4n * QUARTER;
const DAY = 24n * HOUR;

/** Instants at the edges of quarter hours, hours, days and months, and next to them, in microseconds since 1970. */
const instant = fc
  .tuple(
    fc.constantFrom(0n, 31n * DAY, 59n * DAY, 365n * DAY),
    fc.integer({ min: -3, max: 3 }),
    fc.integer({ min: -30, max: 30 }),
    fc.integer({ min: -5, max: 5 }),
    fc.constantFrom(0n, 0n, 0n, 1n, -1n, 1_000n, 450_000_000n),
  )
  .map(
    ([month, days, hours, quarters, beside]) =>
      month + BigInt(days) * DAY + BigInt(hours) * HOUR + BigInt(quarters) * QUARTER + beside,
  );
const end = fc.option(instant, { nil: undefined });
const range = fc.tuple(end, end).map(([from, to]) => {
  const isBackwards = from !== undefined && to !== undefined && from > to;
  const [first, last] = isBackwards ? [to, from] : [from, to];
  return {
    ...(first !== undefined && { from: canonical(first) }),
    ...(last !== undefined && { to: canonical(last) }),
  };
});

function canonical(micros: bigint): string {
  const floored = micros - (((micros % 1_000n) + 1_000n) % 1_000n);
  const text = new Date(Number(floored / 1_000n)).toISOString();
  return floored === micros ? text : text.replace("Z", `${String(micros - floored).padStart(3, "0")}Z`);
}

function micros(text: string): bigint {
  return BigInt(Date.parse(`${text.slice(0, 23)}Z`)) * 1_000n + BigInt(text.slice(23, -1) || "0");
}

function lies(at: bigint, { from, to }: Stretch): boolean {
  return (from === undefined || at >= micros(from)) && (to === undefined || at < micros(to));
}

/** The starts of buckets: within the range, ascending, distinct, beginning with the start of the range. */
function bucketsOf(ends: Stretch, edges: readonly bigint[]): { buckets?: string[] } {
  if (ends.from === undefined || ends.to === undefined) return {};
  const begin = micros(ends.from);
  const later = edges.filter((edge) => edge > begin && lies(edge, ends)).sort((a, b) => (a < b ? -1 : 1));
  return { buckets: [...new Set([begin, ...later])].map(canonical) };
}

/** Returns how often an instant is read: from rollups, from its quarter hour's tallies, and from events. */
function readings(at: bigint, { rollups, quarters, ragged }: Cover) {
  const quarter = at - (((at % QUARTER) + QUARTER) % QUARTER);
  const tallied =
    quarters !== null &&
    lies(quarter, quarters.within) &&
    !quarters.except.some((cut) => micros(cut) === quarter);
  const rolled = rollups.flatMap(({ stretches }) => stretches.filter((stretch) => lies(at, stretch)));
  return {
    rolled: rolled.length,
    tallied: tallied ? 1 : 0,
    events: ragged.filter((stretch) => lies(at, stretch)).length,
  };
}

const covered = fc
  .tuple(range, fc.array(instant))
  .map(([ends, edges]) => ({ ...ends, ...bucketsOf(ends, edges) }));

describe("the cover of a range", () => {
  it("reads each instant of the range exactly once, folded or not", () => {
    fc.assert(
      fc.property(covered, fc.array(instant, { minLength: 10, maxLength: 30 }), (asked, instants) => {
        const cover = coverOf(asked, MONTH_SPANS);
        for (const at of instants) {
          const { rolled, tallied, events } = readings(at, cover);
          expect(rolled + events).toBe(lies(at, asked) ? 1 : 0);
          expect(tallied).toBe(rolled);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("does not read a rollup that a bucket splits", () => {
    fc.assert(
      fc.property(covered, (asked) => {
        const edges = [asked.from, ...(asked.buckets ?? []), asked.to].flatMap((edge) => edge ?? []);
        for (const { span: name, stretches } of coverOf(asked, MONTH_SPANS).rollups) {
          const span = MONTH_SPANS.find((each) => each.name === name)!;
          const isWhole = (ms: number) => span.floor(ms) === ms;
          for (const { from, to } of stretches) {
            for (const side of [from, to])
              if (side !== undefined) expect(isWhole(Date.parse(side))).toBe(true);
          }
          for (const text of edges) {
            const edge = micros(text);
            const begin = BigInt(span.floor(Date.parse(`${text.slice(0, 23)}Z`))) * 1_000n;
            const cuts = edge !== begin && stretches.some((stretch) => lies(begin, stretch));
            expect(cuts).toBe(false);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("names the split quarter hours, which it reads from events", () => {
    fc.assert(
      fc.property(covered, (asked) => {
        const { cut, ragged } = coverOf(asked, MONTH_SPANS);
        const quarters = ragged.map(({ from }) => {
          const at = micros(from);
          return canonical(at - (((at % QUARTER) + QUARTER) % QUARTER));
        });
        expect([...cut].sort()).toEqual([...new Set(quarters)].sort());
      }),
    );
  });

  it("uses the longest spans that fit: a few reads for a year, even if its days are split", () => {
    const year = { from: "2025-01-01T18:30:00.000Z", to: "2026-01-01T18:30:00.000Z" };
    const { rollups, ragged } = coverOf(year);
    expect(ragged).toEqual([]);
    expect(rollups).toEqual([
      {
        span: "quarter",
        stretches: [
          { from: "2025-01-01T18:30:00.000Z", to: "2025-01-02T00:00:00.000Z" },
          { from: "2026-01-01T00:00:00.000Z", to: "2026-01-01T18:30:00.000Z" },
        ],
      },
      { span: "day", stretches: [{ from: "2025-01-02T00:00:00.000Z", to: "2026-01-01T00:00:00.000Z" }] },
    ]);
  });

  it("reads consecutive days in one stretch", () => {
    const from = "2026-03-01T00:00:00.000Z";
    const days = Array.from({ length: 7 }, (_, n) => `2026-03-0${n + 1}T00:00:00.000Z`);
    const to = "2026-03-08T00:00:00.000Z";
    expect(coverOf({ from, to, buckets: days }).rollups).toEqual([
      { span: "day", stretches: [{ from, to }] },
    ]);
  });

  it("reads both sides of an edge within a quarter hour as one part", () => {
    const from = "1880-01-01T00:00:00.000Z";
    const to = "1880-01-01T02:00:00.000Z";
    const { ragged, cut } = coverOf({ from, to, buckets: [from, "1880-01-01T00:06:32.000Z"] });
    expect(ragged).toEqual([{ from, to: "1880-01-01T00:15:00.000Z" }]);
    expect(cut).toEqual([from]);
  });

  it("for all time consists of days", () => {
    expect(coverOf({})).toEqual({
      rollups: [{ span: "day", stretches: [{}] }],
      quarters: { within: {}, except: [] },
      ragged: [],
      cut: [],
    });
  });

  it("is empty for an empty range", () => {
    const at = "2026-03-01T12:00:00.000001Z";
    expect(coverOf({ from: at, to: at })).toEqual({ rollups: [], quarters: null, ragged: [], cut: [] });
  });

  it("formats the end of the last quarter hour as Postgres reads it", () => {
    const from = "9999-12-31T23:50:00.000Z";
    expect(coverOf({ from })).toEqual({
      rollups: [{ span: "day", stretches: [{ from: "10000-01-01T00:00:00.000Z" }] }],
      quarters: { within: { from: "10000-01-01T00:00:00.000Z" }, except: ["9999-12-31T23:45:00.000Z"] },
      ragged: [{ from, to: "10000-01-01T00:00:00.000Z" }],
      cut: ["9999-12-31T23:45:00.000Z"],
    });
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RollupCover, rollupCover, type Span } from "../src/rollup-cover.js";

const QUARTER = 900_000_000n;

/** Instants on quarters of an hour and beside them, in microseconds since 1970. */
const instant = fc
  .tuple(fc.integer({ min: -8, max: 8 }), fc.constantFrom(0n, 0n, 1n, -1n, 1_000n, 450_000_000n))
  .map(([quarter, beside]) => BigInt(quarter) * QUARTER + beside);
const end = fc.option(instant, { nil: undefined });
const range = fc.tuple(end, end).map(([from, to]): [bigint | undefined, bigint | undefined] => {
  const isBackwards = from !== undefined && to !== undefined && from > to;
  return isBackwards ? [to, from] : [from, to];
});

function canonical(micros: bigint): string {
  const floored = micros - (((micros % 1_000n) + 1_000n) % 1_000n);
  const text = new Date(Number(floored / 1_000n)).toISOString();
  return floored === micros ? text : text.replace("Z", `${String(micros - floored).padStart(3, "0")}Z`);
}

function micros(text: string): bigint {
  return BigInt(Date.parse(`${text.slice(0, 23)}Z`)) * 1_000n + BigInt(text.slice(23, -1) || "0");
}

function lies(at: bigint, { from, to }: Partial<Span>): boolean {
  return (from === undefined || at >= micros(from)) && (to === undefined || at < micros(to));
}

/** How often an instant is read: from the rollup of its quarter, and from the events. */
function readings(at: bigint, { whole, cut, ragged }: RollupCover): { rollup: number; events: number } {
  const quarter = at - (((at % QUARTER) + QUARTER) % QUARTER);
  const isWhole = whole !== null && lies(quarter, whole) && !cut.some((each) => micros(each) === quarter);
  return { rollup: isWhole ? 1 : 0, events: ragged.filter((span) => lies(at, span)).length };
}

describe("the cover of a range", () => {
  it("reads each instant of the range once, and no other", () => {
    fc.assert(
      fc.property(range, fc.array(instant), instant, ([from, to], edges, at) => {
        const ends = {
          ...(from !== undefined && { from: canonical(from) }),
          ...(to !== undefined && { to: canonical(to) }),
        };
        const buckets = edges.filter((edge) => lies(edge, ends)).map(canonical);
        const { rollup, events } = readings(at, rollupCover({ ...ends, buckets }));
        expect(rollup + events).toBe(lies(at, ends) ? 1 : 0);
      }),
      { numRuns: 2_000 },
    );
  });

  it("takes no quarter from its rollup that a bucket begins within", () => {
    fc.assert(
      fc.property(range, instant, ([from, to], edge) => {
        const ends = {
          ...(from !== undefined && { from: canonical(from) }),
          ...(to !== undefined && { to: canonical(to) }),
        };
        fc.pre(edge % QUARTER !== 0n && lies(edge, ends));
        expect(readings(edge, rollupCover({ ...ends, buckets: [canonical(edge)] }))).toEqual({
          rollup: 0,
          events: 1,
        });
      }),
    );
  });

  it("reads no events where nothing is cut", () => {
    const from = "2026-01-01T00:00:00.000Z";
    const to = "2026-01-01T01:00:00.000Z";
    expect(rollupCover({ from, to, buckets: [from, "2026-01-01T00:15:00.000Z"] })).toEqual({
      whole: { from, to },
      cut: [],
      ragged: [],
    });
  });

  it("writes the end of the last quarter there is as Postgres reads it", () => {
    const from = "9999-12-31T23:50:00.000Z";
    expect(rollupCover({ from })).toEqual({
      whole: { from: "10000-01-01T00:00:00.000Z" },
      cut: [],
      ragged: [{ from, to: "10000-01-01T00:00:00.000Z" }],
    });
  });
});

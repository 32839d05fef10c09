import { type AggregateQuery, timestampMs } from "@evt/core";

export interface Span {
  readonly from: string;
  readonly to: string;
}

/** How a range is read: whole quarters from the rollups, but for those that are cut; the rest from the events. */
export interface RollupCover {
  /** The whole quarters: `from ≤ quarter < to`, where bounded. `null`: the range holds not one. */
  readonly whole: Partial<Span> | null;
  /** Quarters among them that an edge of a bucket cuts. */
  readonly cut: readonly string[];
  /** What is read from the events instead: the ragged ends of the range, and the cut quarters. */
  readonly ragged: readonly Span[];
}

const QUARTER_MS = 900_000;

/** Pure: exact for any range and any edges. */
export function rollupCover({
  from,
  to,
  buckets = [],
}: Pick<AggregateQuery, "from" | "to" | "buckets">): RollupCover {
  const first = from === undefined ? undefined : nextQuarter(from);
  const end = to === undefined ? undefined : quarterOf(to);
  if (from !== undefined && to !== undefined && (first as number) >= (end as number)) {
    return { whole: null, cut: [], ragged: [{ from, to }] };
  }
  const cut = cutQuarters(buckets, first ?? Number.NEGATIVE_INFINITY, end ?? Number.POSITIVE_INFINITY);
  const ragged = cut.map((quarter) => ({ from: text(quarter), to: text(quarter + QUARTER_MS) }));
  if (from !== undefined && !isWhole(from)) ragged.push({ from, to: text(first as number) });
  if (to !== undefined && !isWhole(to)) ragged.push({ from: text(end as number), to });
  const whole = {
    ...(first !== undefined && { from: text(first) }),
    ...(end !== undefined && { to: text(end) }),
  };
  return { whole, cut: cut.map(text), ragged };
}

function cutQuarters(edges: readonly string[], first: number, end: number): number[] {
  const cut = edges.filter((edge) => !isWhole(edge)).map(quarterOf);
  return [...new Set(cut)].filter((quarter) => quarter >= first && quarter < end);
}

/** Microseconds count: an instant just past a quarter is not whole. */
function isWhole(instant: string): boolean {
  return timestampMs(instant) % QUARTER_MS === 0 && instant.length === 24;
}

const quarterOf = (instant: string): number => Math.floor(timestampMs(instant) / QUARTER_MS) * QUARTER_MS;
const nextQuarter = (instant: string): number => quarterOf(instant) + (isWhole(instant) ? 0 : QUARTER_MS);
/** Year 10000 begins where the last quarter ends; ISO 8601 writes it `+010000`, Postgres `10000`. */
const text = (ms: number): string => new Date(ms).toISOString().replace("+0", "");

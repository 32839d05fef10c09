import { type AggregateQuery, timestampMs } from "@evt/core";
import { ROLLUP_SPANS, type RollupSpan } from "./rollup-spans.js";
import { QUARTER_MS } from "./tally.js";

/** A half-open stretch of time; without an end it goes on for ever. */
export interface Stretch {
  readonly from?: string;
  readonly to?: string;
}

/** How a range is read: the longest spans that fit from the rollups, and what no quarter of an hour fits in from the events. */
export interface Cover {
  /** For each length of span where its rollups are read, ascending. */
  readonly rollups: readonly {
    readonly letter: RollupSpan["letter"];
    readonly stretches: readonly Stretch[];
  }[];
  /** All whole quarters, as tallies have them: in this stretch, but for the cut ones. `null`: there is not one. */
  readonly quarters: { readonly within: Stretch; readonly except: readonly string[] } | null;
  /** The ends of the range, and of buckets, that cut a quarter. */
  readonly ragged: readonly Required<Stretch>[];
  /** The quarters that are cut. */
  readonly cut: readonly string[];
}

type Range = Pick<AggregateQuery, "from" | "to" | "buckets">;

/** Pure: exact for any range and any edges. */
export function coverOf({ from, to, buckets = [] }: Range): Cover {
  const edges = [from, ...buckets.slice(1), to];
  const plan = new Plan();
  for (let i = 1; i < edges.length; i++) plan.add(edges[i - 1], edges[i]);
  return plan.cover(from, to);
}

class Plan {
  readonly #stretches = ROLLUP_SPANS.map((): [from: number, to: number][] => []);
  readonly #ragged: Required<Stretch>[] = [];

  /** One bucket: what is read at once must not be parted later. */
  add(from: string | undefined, to: string | undefined): void {
    const first = from === undefined ? Number.NEGATIVE_INFINITY : firstQuarter(from);
    const end = to === undefined ? Number.POSITIVE_INFINITY : quarterOf(to);
    if (from !== undefined && from === to) return;
    if (from !== undefined && to !== undefined && first > end) return void this.#ragged.push({ from, to });
    if (from !== undefined && !isWhole(from)) this.#ragged.push({ from, to: text(first) });
    this.#fill(first, end, ROLLUP_SPANS.length - 1);
    if (to !== undefined && !isWhole(to)) this.#ragged.push({ from: text(end), to });
  }

  cover(from: string | undefined, to: string | undefined): Cover {
    const rollups = ROLLUP_SPANS.flatMap(({ letter }, level) => {
      const stretches = (this.#stretches[level] ?? []).map(([first, end]) => stretch(first, end));
      return stretches.length > 0 ? [{ letter, stretches }] : [];
    });
    const cut = [...new Set(this.#ragged.map((ragged) => text(quarterOf(ragged.from))))];
    const within = {
      ...(from !== undefined && { from: text(firstQuarter(from)) }),
      ...(to !== undefined && { to: text(quarterOf(to)) }),
    };
    const quarters = rollups.length > 0 ? { within, except: cut } : null;
    return { rollups, quarters, ragged: this.#ragged, cut };
  }

  /** In order of time: with the spans of this level where one fits, and the finer ones for what is left on either side. */
  #fill(first: number, end: number, level: number): void {
    if (first >= end) return;
    const { ceil, floor } = ROLLUP_SPANS[level] as RollupSpan;
    const [start, stop] = [ceil(first), floor(end)];
    if (start >= stop) return this.#fill(first, end, level - 1);
    this.#fill(first, start, level - 1);
    this.#put(start, stop, level);
    this.#fill(stop, end, level - 1);
  }

  #put(from: number, to: number, level: number): void {
    const stretches = this.#stretches[level] ?? [];
    const last = stretches.at(-1);
    if (last?.[1] === from) last[1] = to;
    else stretches.push([from, to]);
  }
}

function stretch(first: number, end: number): Stretch {
  return {
    ...(Number.isFinite(first) && { from: text(first) }),
    ...(Number.isFinite(end) && { to: text(end) }),
  };
}

/** Microseconds count: an instant just past a quarter is not whole. */
function isWhole(instant: string): boolean {
  return timestampMs(instant) % QUARTER_MS === 0 && instant.length === 24;
}

const quarterOf = (instant: string): number => Math.floor(timestampMs(instant) / QUARTER_MS) * QUARTER_MS;
const firstQuarter = (instant: string): number => quarterOf(instant) + (isWhole(instant) ? 0 : QUARTER_MS);
/** Year 10000 begins where the last quarter ends; ISO 8601 writes it `+010000`, Postgres `10000`. */
const text = (ms: number): string => new Date(ms).toISOString().replace("+0", "");

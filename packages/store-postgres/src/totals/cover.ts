import { type AggregateQuery, canonicalTimestamp, timestampMs } from "@evt/core";
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
  const edges = [from, ...buckets.slice(1), to].map((instant) => edgeOf(instant));
  const plan = new Plan();
  for (let i = 1; i < edges.length; i++) plan.add(edges[i - 1], edges[i]);
  return plan.cover(edges[0], edges.at(-1));
}

/** An end of the range, or between two buckets. It is whole if it lies between two quarters. */
interface Edge {
  readonly instant: string;
  /** The beginning of the quarter it lies in, and of the first one that does not begin before it. */
  readonly quarter: number;
  readonly firstQuarter: number;
}

/** `undefined` for the open end of a range. */
function edgeOf(instant: string | undefined): Edge | undefined {
  if (instant === undefined) return undefined;
  const ms = timestampMs(instant);
  const quarter = Math.floor(ms / QUARTER_MS) * QUARTER_MS;
  // microseconds count: an instant just past a quarter is not whole
  const isWhole = ms === quarter && instant.length === 24;
  return { instant, quarter, firstQuarter: isWhole ? quarter : quarter + QUARTER_MS };
}

const YEAR_10000_MS = 253_402_300_800_000;

class Plan {
  readonly #stretches = ROLLUP_SPANS.map((): [from: number, to: number][] => []);
  readonly #ragged: { readonly from: string; to: string }[] = [];
  /** The quarters of the ragged stretches, ascending. */
  readonly #cut: number[] = [];
  /** Most edges are written more than once. */
  readonly #texts = new Map<number, string>();

  /** One bucket: what is read at once must not be parted later. */
  add(from: Edge | undefined, to: Edge | undefined): void {
    const first = from === undefined ? Number.NEGATIVE_INFINITY : from.firstQuarter;
    const end = to === undefined ? Number.POSITIVE_INFINITY : to.quarter;
    if (from !== undefined && from.instant === to?.instant) return;
    if (from !== undefined && to !== undefined && first > end)
      return this.#putRagged(from.quarter, from.instant, to.instant);
    if (from !== undefined && first > from.quarter)
      this.#putRagged(from.quarter, from.instant, this.#text(first));
    this.#fill(first, end, ROLLUP_SPANS.length - 1);
    if (to !== undefined && to.firstQuarter > end) this.#putRagged(end, this.#text(end), to.instant);
  }

  cover(from: Edge | undefined, to: Edge | undefined): Cover {
    const rollups = ROLLUP_SPANS.flatMap(({ letter }, level) => {
      const stretches = (this.#stretches[level] ?? []).map(([first, end]) => this.#stretch(first, end));
      return stretches.length > 0 ? [{ letter, stretches }] : [];
    });
    const cut = this.#cut.map((quarter) => this.#text(quarter));
    const within = {
      ...(from !== undefined && { from: this.#text(from.firstQuarter) }),
      ...(to !== undefined && { to: this.#text(to.quarter) }),
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

  /** A stretch of one quarter. Both sides of an edge are read at once: the time of an event says its bucket. */
  #putRagged(quarter: number, from: string, to: string): void {
    const last = this.#ragged.at(-1);
    if (last !== undefined && this.#cut.at(-1) === quarter) {
      last.to = to;
    } else {
      this.#ragged.push({ from, to });
      this.#cut.push(quarter);
    }
  }

  #stretch(first: number, end: number): Stretch {
    return {
      ...(Number.isFinite(first) && { from: this.#text(first) }),
      ...(Number.isFinite(end) && { to: this.#text(end) }),
    };
  }

  /** Year 10000 begins where the last quarter ends. */
  #text(ms: number): string {
    const known = this.#texts.get(ms);
    if (known !== undefined) return known;
    const text = ms === YEAR_10000_MS ? "10000-01-01T00:00:00.000Z" : canonicalTimestamp(ms);
    this.#texts.set(ms, text);
    return text;
  }
}

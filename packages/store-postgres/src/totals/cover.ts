import { type AggregateQuery, canonicalTimestamp, timestampMs } from "@evt/core/store";
import { DAY_SPANS, type RollupSpan } from "./rollup-spans.js";
import { QUARTER_MS } from "./tally.js";

/** A half-open time range. Without `from` or `to`, the range is unbounded on that side. */
export interface Stretch {
  readonly from?: string;
  readonly to?: string;
}

/**
 * A plan for reading a range. The longest spans that fit come from rollups, and the rest comes from tallies and events.
 */
export interface Cover {
  /** The ranges to read from rollups of each span, in order of time. */
  readonly rollups: readonly {
    readonly span: RollupSpan["name"];
    readonly stretches: readonly Stretch[];
  }[];
  /**
   * The whole quarter hours, to read from tallies: all quarter hours in `within`, without the split quarter hours in
   * `except`. `null` if there are none.
   */
  readonly quarters: { readonly within: Stretch; readonly except: readonly string[] } | null;
  /** The parts of split quarter hours, to read from events. */
  readonly ragged: readonly Required<Stretch>[];
  /** The quarter hours that the range or a bucket splits. */
  readonly cut: readonly string[];
}

type Range = Pick<AggregateQuery, "from" | "to" | "buckets">;

/** Returns how to read a range. Pure, and exact for any range and any edges. */
export function coverOf({ from, to, buckets = [] }: Range, spans = DAY_SPANS): Cover {
  const edges = [from, ...buckets.slice(1), to].map((instant) => edgeOf(instant));
  const plan = new Plan(spans);
  for (let i = 1; i < edges.length; i++) plan.add(edges[i - 1], edges[i]);
  return plan.cover(edges[0], edges.at(-1));
}

/** An end of the range or of a bucket. */
interface Edge {
  readonly instant: string;
  /** The start of the quarter hour that contains the edge, in milliseconds. */
  readonly quarter: number;
  /** The start of the first quarter hour at or after the edge, in milliseconds. */
  readonly firstQuarter: number;
}

/** Returns the edge at an instant, or `undefined` for an open end. */
function edgeOf(instant: string | undefined): Edge | undefined {
  if (instant === undefined) return undefined;
  const ms = timestampMs(instant);
  const quarter = Math.floor(ms / QUARTER_MS) * QUARTER_MS;
  // a longer string has microseconds, so the instant is just after the start of the quarter hour
  const isWhole = ms === quarter && instant.length === 24;
  return { instant, quarter, firstQuarter: isWhole ? quarter : quarter + QUARTER_MS };
}

const YEAR_10000_MS = 253_402_300_800_000;

class Plan {
  readonly #spans: readonly RollupSpan[];
  readonly #stretches: readonly [from: number, to: number][][];
  readonly #ragged: { readonly from: string; to: string }[] = [];
  /** The quarter hours of the ragged parts, ascending. */
  readonly #cut: number[] = [];
  /** Caches formatted edges, because most edges are formatted more than once. */
  readonly #texts = new Map<number, string>();

  constructor(spans: readonly RollupSpan[]) {
    this.#spans = spans;
    this.#stretches = spans.map(() => []);
  }

  /** Adds one bucket. No rollup may span two buckets, because a rollup cannot be split later. */
  add(from: Edge | undefined, to: Edge | undefined): void {
    const first = from === undefined ? Number.NEGATIVE_INFINITY : from.firstQuarter;
    const end = to === undefined ? Number.POSITIVE_INFINITY : to.quarter;
    if (from !== undefined && from.instant === to?.instant) return;
    if (from !== undefined && to !== undefined && first > end)
      return this.#putRagged(from.quarter, from.instant, to.instant);
    if (from !== undefined && first > from.quarter)
      this.#putRagged(from.quarter, from.instant, this.#text(first));
    this.#fill(first, end, this.#spans.length - 1);
    if (to !== undefined && to.firstQuarter > end) this.#putRagged(end, this.#text(end), to.instant);
  }

  cover(from: Edge | undefined, to: Edge | undefined): Cover {
    const rollups = this.#spans.flatMap(({ name: span }, level) => {
      const stretches = (this.#stretches[level] ?? []).map(([first, end]) => this.#stretch(first, end));
      return stretches.length > 0 ? [{ span, stretches }] : [];
    });
    const cut = this.#cut.map((quarter) => this.#text(quarter));
    const within = {
      ...(from !== undefined && { from: this.#text(from.firstQuarter) }),
      ...(to !== undefined && { to: this.#text(to.quarter) }),
    };
    const quarters = rollups.length > 0 ? { within, except: cut } : null;
    return { rollups, quarters, ragged: this.#ragged, cut };
  }

  /** Fills a range in time order. If a span of this level fits, uses spans of this level, and shorter spans on both sides. */
  #fill(first: number, end: number, level: number): void {
    if (first >= end) return;
    const { ceil, floor } = this.#spans[level] as RollupSpan;
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

  /**
   * Adds a part of one quarter hour. Both sides of an edge are read as one part, because an event's time determines
   * its bucket.
   */
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

  /**
   * Formats an instant. The last quarter hour ends when year 10000 begins, which `canonicalTimestamp` cannot represent.
   */
  #text(ms: number): string {
    const known = this.#texts.get(ms);
    if (known !== undefined) return known;
    const text = ms === YEAR_10000_MS ? "10000-01-01T00:00:00.000Z" : canonicalTimestamp(ms);
    this.#texts.set(ms, text);
    return text;
  }
}

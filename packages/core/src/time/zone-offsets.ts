import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "./civil-date.js";

/**
 * Time is divided into blocks of three days. The offset changes at most once in a block: the two closest changes in the
 * tz database (2025c) are 3 days and 23:40 apart, in Freetown in September 1939.
 */
const BLOCK_MS = 3 * DAY_MS;
/** Maximum number of cached blocks of one zone: about 33 years. If there are more, the cache is cleared. */
const MOST_BLOCKS = 4096;

interface Block {
  readonly index: number;
  readonly before: number;
  /** `Infinity` if the offset does not change in this block. */
  readonly changeAt: number;
  readonly after: number;
}

/**
 * The offsets from UTC of one IANA zone. All times and offsets are in milliseconds. Blocks are cached, because a cached
 * offset is much faster than `Intl`.
 */
export class ZoneOffsets {
  readonly #format: Intl.DateTimeFormat;
  readonly #blocks = new Map<number, Block>();
  #last: Block;

  /** @throws RangeError if `Intl` does not know the zone */
  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
    this.#last = this.#findBlock(0);
  }

  /** Returns the offset of local time from UTC, including the seconds of a local mean time. */
  at(epochMs: number): number {
    const block = this.#block(Math.floor(epochMs / BLOCK_MS));
    return epochMs < block.changeAt ? block.before : block.after;
  }

  /**
   * Returns the first instant after `from`, up to and including `to`, at which the offset changes. `null` if it does not
   * change.
   */
  changeWithin(from: number, to: number): number | null {
    const lastIndex = Math.floor(to / BLOCK_MS);
    for (let index = Math.floor(from / BLOCK_MS); index <= lastIndex; index++) {
      const { changeAt } = this.#block(index);
      if (changeAt > from && changeAt <= to) return changeAt;
    }
    return null;
  }

  #block(index: number): Block {
    if (this.#last.index === index) return this.#last;
    this.#last = this.#blocks.get(index) ?? this.#remembered(this.#findBlock(index));
    return this.#last;
  }

  #remembered(block: Block): Block {
    if (this.#blocks.size >= MOST_BLOCKS) this.#blocks.clear();
    this.#blocks.set(block.index, block);
    return block;
  }

  #findBlock(index: number): Block {
    // a change exactly at the end belongs to this block
    const start = index * BLOCK_MS;
    const end = start + BLOCK_MS;
    const before = this.#blocks.get(index - 1)?.after ?? this.#ask(start);
    const after = this.#blocks.get(index + 1)?.before ?? this.#ask(end);
    return {
      index,
      before,
      changeAt: before === after ? Infinity : this.#findChange(start, end, before),
      after,
    };
  }

  /**
   * Finds the change by binary search. The offset is `before` at `low`, and different at `high`. Offsets change at full
   * seconds, and blocks begin at full seconds.
   */
  #findChange(low: number, high: number, before: number): number {
    let [still, changed] = [low / SECOND_MS, high / SECOND_MS];
    while (changed - still > 1) {
      const middle = Math.floor((still + changed) / 2);
      if (this.#ask(middle * SECOND_MS) === before) still = middle;
      else changed = middle;
    }
    return changed * SECOND_MS;
  }

  #ask(epochMs: number): number {
    return offsetOf(this.#format.format(epochMs));
  }
}

/** Reads the offset at the end of `1/15/2024, GMT+05:30`. `GMT` alone means 0. Some local mean times have seconds. */
function offsetOf(text: string): number {
  const offset = text.slice(text.lastIndexOf("GMT") + 3);
  if (offset === "") return 0;
  const [hours = 0, minutes = 0, seconds = 0] = offset.slice(1).split(":").map(Number);
  const size = hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS;
  return offset.startsWith("-") ? -size : size;
}

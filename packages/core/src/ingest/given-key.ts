import type { GivenKey } from "../event.js";
import { rawText } from "../normalize/raw-text.js";
import { parseText } from "../normalize/text.js";

/** The key that the caller passed with a refused event. */
export interface Given {
  readonly key: GivenKey;
  /**
   * Distinguishes events with equal raw events in the parked id. `null` if the raw event alone identifies the event.
   */
  readonly apart: string | null;
}

/** How evt distinguishes events without a key. */
interface KeylessRule {
  /** Present if evt counts the event each time it is received. */
  readonly receiptId: (() => string) | undefined;
  /** Whether an ordinal distinguishes equal events of one call. */
  readonly byOrdinal: boolean;
}

/**
 * The keys that the caller passed with the refused events of one call. With a batch key, equal raw events are separate
 * events, so an ordinal distinguishes them.
 */
export class GivenKeys {
  readonly #batchKey: string | undefined;
  readonly #seen = new Map<string, number>();

  constructor(batchKey: string | undefined) {
    this.#batchKey = batchKey;
  }

  of(key: string | undefined, text: string, { receiptId, byOrdinal }: KeylessRule): Given {
    if (key !== undefined) return { key: { key: usable(key) }, apart: rawText(key) };
    if (this.#batchKey !== undefined) {
      const ordinal = this.#ordinalOf(text);
      const key = { batchKey: this.#batchKey, ...(ordinal > 0 && { ordinal }) };
      return { key, apart: JSON.stringify([this.#batchKey, ordinal]) };
    }
    const ordinal = byOrdinal ? this.#ordinalOf(text) : 0;
    if (ordinal > 0) return { key: { key: null, ordinal }, apart: JSON.stringify([null, ordinal]) };
    return { key: { key: null }, apart: receiptId === undefined ? null : JSON.stringify([receiptId()]) };
  }

  #ordinalOf(text: string): number {
    const ordinal = this.#seen.get(text) ?? 0;
    this.#seen.set(text, ordinal + 1);
    return ordinal;
  }
}

/** Returns the key, or `null` if it is not valid. */
function usable(key: string): string | null {
  const text = parseText(key, "idempotencyKey", "idempotency_key_invalid");
  return typeof text === "string" ? text : null;
}

import type { GivenKey } from "../event.js";
import { rawText } from "../normalize/raw-text.js";
import { parseText } from "../normalize/text.js";

/** The key that was given with a refused event, and what tells the event from others of the same text. */
export interface Given {
  readonly key: GivenKey;
  readonly apart: string | null;
}

/**
 * The keys given with the refused events of one call. Under the key of a batch, twins are told apart by their ordinal
 * among equal texts: had they been counted at once, they would be two events.
 */
export class GivenKeys {
  readonly #batchKey: string | undefined;
  readonly #seen = new Map<string, number>();

  constructor(batchKey: string | undefined) {
    this.#batchKey = batchKey;
  }

  /** `receiptId` draws what sets an event apart that counts each time it is received. */
  of(key: string | undefined, text: string, receiptId: (() => string) | undefined): Given {
    if (key !== undefined) return { key: { key: usable(key) }, apart: rawText(key) };
    if (this.#batchKey !== undefined) {
      const ordinal = this.#seen.get(text) ?? 0;
      this.#seen.set(text, ordinal + 1);
      return { key: { batchKey: this.#batchKey }, apart: JSON.stringify([this.#batchKey, ordinal]) };
    }
    return { key: { key: null }, apart: receiptId === undefined ? null : JSON.stringify([receiptId()]) };
  }
}

/** The event is rejected for a key that is not; then there is none that could be kept. */
function usable(key: string): string | null {
  const text = parseText(key, "idempotencyKey", "idempotency_key_invalid");
  return typeof text === "string" ? text : null;
}

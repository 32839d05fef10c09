import type { CanonicalEvent } from "../event.js";
import { contentJson, type IdentityBasis } from "./identify.js";
import { sha256Hex } from "./sha256.js";

/**
 * The keys of a batch under one key: each event without its own gets one made of the batch's key, its content and
 * its ordinal among equal contents. So neither splitting nor reordering a batch changes anything, and twins in one
 * batch are two events.
 */
export class DerivedKeys {
  readonly #batchKey: string;
  readonly #seen = new Map<string, number>();

  constructor(batchKey: string) {
    this.#batchKey = batchKey;
  }

  next(event: CanonicalEvent, basis: IdentityBasis): string {
    const content = sha256Hex(contentJson(event, basis));
    const ordinal = this.#seen.get(content) ?? 0;
    this.#seen.set(content, ordinal + 1);
    return sha256Hex(
      `{"batchKey":${JSON.stringify(this.#batchKey)},"content":"${content}","ordinal":${ordinal}}`,
    );
  }
}

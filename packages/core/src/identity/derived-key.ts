import type { CanonicalEvent } from "../event.js";
import type { Identifier, IdentityBasis } from "./identifier.js";
import type { Sha256 } from "./sha256.js";

/** A key that was derived from the key of a batch. */
export interface DerivedKey {
  readonly key: string;
  /** SHA-256 of the content. */
  readonly content: string;
  /** The position among events of equal content. */
  readonly ordinal: number;
}

/**
 * The keys of a batch that has one key. Each event without its own key gets one that is made from the batch key, its content
 * and its ordinal among equal contents. Reordering the batch changes nothing, and twins are two events.
 */
export class DerivedKeys {
  readonly #batchKey: string;
  readonly #identifier: Identifier;
  readonly #seen = new Map<string, number>();

  constructor(batchKey: string, identifier: Identifier) {
    this.#batchKey = batchKey;
    this.#identifier = identifier;
  }

  next(event: CanonicalEvent, basis: IdentityBasis): string {
    return this.nextNumbered(event, basis).key;
  }

  nextNumbered(event: CanonicalEvent, basis: IdentityBasis): DerivedKey {
    const { sha256 } = this.#identifier;
    const content = sha256(this.#identifier.contentJson(event, basis));
    const ordinal = this.#seen.get(content) ?? 0;
    this.#seen.set(content, ordinal + 1);
    return { key: derivedKey(sha256, this.#batchKey, content, ordinal), content, ordinal };
  }
}

/** @param content - SHA-256 of the content */
export function derivedKey(sha256: Sha256, batchKey: string, content: string, ordinal: number): string {
  return sha256(`{"batchKey":${JSON.stringify(batchKey)},"content":"${content}","ordinal":${ordinal}}`);
}

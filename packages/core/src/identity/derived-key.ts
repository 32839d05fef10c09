import type { CanonicalEvent } from "../event.js";
import type { Identifier, IdentityBasis } from "./identifier.js";
import type { Sha256 } from "./sha256.js";

/** A key that is derived from a batch key. */
export interface DerivedKey {
  readonly key: string;
  /** SHA-256 of the content. */
  readonly content: string;
  /** The position among events with equal content. */
  readonly ordinal: number;
}

/**
 * Derives the keys of a batch from its batch key. Each event without its own key gets a derived key. The derived key
 * depends on the batch key, the event's content, and its ordinal among events with equal content. So the order of the
 * batch does not matter, and two events with equal content get different keys.
 */
export class DerivedKeys {
  readonly #batchKey: string;
  readonly #identifier: Identifier;
  readonly #seen = new Map<string, number>();

  constructor(batchKey: string, identifier: Identifier) {
    this.#batchKey = batchKey;
    this.#identifier = identifier;
  }

  /** Returns keys under other rules that continue from the same counts. */
  under(identifier: Identifier): DerivedKeys {
    const keys = new DerivedKeys(this.#batchKey, identifier);
    for (const [content, count] of this.#seen) keys.#seen.set(content, count);
    return keys;
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

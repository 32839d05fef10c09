import type { CanonicalEvent } from "../event.js";
import type { Identifier, IdentityBasis } from "./identifier.js";

/**
 * The keys of a batch that has one key. Each event without its own key gets one that is made from the batch key, its content
 * and its ordinal among equal contents. Splitting or reordering the batch changes nothing, and twins are two events.
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
    const { sha256 } = this.#identifier;
    const content = sha256(this.#identifier.contentJson(event, basis));
    const ordinal = this.#seen.get(content) ?? 0;
    this.#seen.set(content, ordinal + 1);
    return sha256(
      `{"batchKey":${JSON.stringify(this.#batchKey)},"content":"${content}","ordinal":${ordinal}}`,
    );
  }
}

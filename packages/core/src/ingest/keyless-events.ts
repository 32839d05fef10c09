import type { CanonicalEvent } from "../event.js";
import { DerivedKeys, derivedKey } from "../identity/derived-key.js";
import type { Identifier, IdentityBasis } from "../identity/identifier.js";
import type { Mapping } from "../normalize/mapping.js";

/** The handling of equal events of one call that have no key of their own. */
export type Identical = NonNullable<Mapping["identical"]>;

/** The position of an event without its own key among the equal events of its call. */
export interface Numbered {
  /** Equal for all events that differ only by their ordinal. */
  readonly group: string;
  readonly ordinal: number;
  /** The key that is derived from the batch key. `null` if the batch has no key. */
  readonly key: string | null;
}

/** Numbers the events of one call that have no key of their own, under one version of the identity rules. */
export class KeylessEvents {
  readonly #identifier: Identifier;
  readonly #batchKey: string | undefined;
  #derived: DerivedKeys | undefined;
  readonly #seen = new Map<string, number>();

  constructor(identifier: Identifier, batchKey: string | undefined) {
    this.#identifier = identifier;
    this.#batchKey = batchKey;
    this.#derived = batchKey === undefined ? undefined : new DerivedKeys(batchKey, identifier);
  }

  /** Returns a numbering under other rules that continues from the same counts. */
  under(identifier: Identifier): KeylessEvents {
    const events = new KeylessEvents(identifier, this.#batchKey);
    events.#derived = this.#derived?.under(identifier);
    for (const [group, count] of this.#seen) events.#seen.set(group, count);
    return events;
  }

  /** Returns the position of the next event. `null` if evt merges equal events by content. */
  next(event: CanonicalEvent, basis: IdentityBasis, identical: Identical | undefined): Numbered | null {
    if (this.#batchKey !== undefined && this.#derived !== undefined) {
      const { key, content, ordinal } = this.#derived.nextNumbered(event, basis);
      const group = content + this.#batchKey;
      if (identical !== "merge" || ordinal === 0) return { group, ordinal, key };
      return { group, ordinal: 0, key: derivedKey(this.#identifier.sha256, this.#batchKey, content, 0) };
    }
    if (identical === undefined || identical === "merge") return null;
    const group = this.#identifier.contentJson(event, basis);
    const ordinal = this.#seen.get(group) ?? 0;
    this.#seen.set(group, ordinal + 1);
    return { group, ordinal, key: null };
  }

  /** Returns the position with the same group and the given ordinal, and its key. */
  at(ordinal: number, { group, key }: Numbered): Numbered {
    if (key === null || this.#batchKey === undefined) return { group, ordinal, key };
    const content = group.slice(0, -this.#batchKey.length);
    return { group, ordinal, key: derivedKey(this.#identifier.sha256, this.#batchKey, content, ordinal) };
  }
}

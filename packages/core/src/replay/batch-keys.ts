import { DerivedKeys } from "../identity/derived-key.js";
import type { Identifier } from "../identity/identifier.js";

/** What the replays of one call share about keys that are derived from the key of a batch. */
export class BatchKeys {
  /** Ids of the events that parked events of this call turned out to be, or were counted as. */
  readonly taken = new Set<string>();
  readonly #identifier: Identifier;
  readonly #byBatch = new Map<string, DerivedKeys>();

  constructor(identifier: Identifier) {
    this.#identifier = identifier;
  }

  /** The keys of one batch: each is derived once in a call, however many steps the call takes. */
  of(batchKey: string): DerivedKeys {
    const known = this.#byBatch.get(batchKey) ?? new DerivedKeys(batchKey, this.#identifier);
    this.#byBatch.set(batchKey, known);
    return known;
  }
}

import { DerivedKeys } from "../identity/derived-key.js";
import type { Identifier } from "../identity/identifier.js";

/** The keys that were derived from batch keys in one replay call. */
export class BatchKeys {
  /** Ids of the counted events that parked events of this call belong to. No other parked event may get them. */
  readonly taken = new Set<string>();
  readonly #identifier: Identifier;
  readonly #byBatch = new Map<string, DerivedKeys>();

  constructor(identifier: Identifier) {
    this.#identifier = identifier;
  }

  /** Returns the keys of one batch. Each key is derived once in a call, even if the call has several steps. */
  of(batchKey: string): DerivedKeys {
    const known = this.#byBatch.get(batchKey) ?? new DerivedKeys(batchKey, this.#identifier);
    this.#byBatch.set(batchKey, known);
    return known;
  }
}

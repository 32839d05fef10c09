import { DerivedKeys } from "../identity/derived-key.js";
import type { Identifier } from "../identity/identifier.js";

/** The keys that one replay call derives from batch keys. */
export class BatchKeys {
  /**
   * Ids of counted events that are already assigned to parked events of this call. No other parked event may be assigned
   * to them.
   */
  readonly taken = new Set<string>();
  readonly #identifier: Identifier;
  readonly #byBatch = new Map<string, DerivedKeys>();

  constructor(identifier: Identifier) {
    this.#identifier = identifier;
  }

  /** Returns the keys of one batch. All steps of a call share them, so no key is used twice. */
  of(batchKey: string): DerivedKeys {
    const known = this.#byBatch.get(batchKey) ?? new DerivedKeys(batchKey, this.#identifier);
    this.#byBatch.set(batchKey, known);
    return known;
  }
}

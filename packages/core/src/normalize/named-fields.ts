import type { Field } from "../issue.js";
import type { RawObject } from "./field-lookup.js";
import type { FieldNames } from "./field-names.js";

/** Each field as a bit. */
export const FIELD_BIT: Readonly<Record<Field, number>> = {
  clientId: 1,
  metric: 2,
  amount: 4,
  timestamp: 8,
  idempotencyKey: 16,
  unit: 32,
};

/**
 * Finds out which fields an object may have, from the names of its members. Objects have few members and fields have many
 * names, so this avoids most lookups.
 */
export class NamedFields {
  readonly #bits = new Map<string, number>();

  constructor({ names, fallbacks, contradicting }: FieldNames) {
    for (const [field, bit] of Object.entries(FIELD_BIT) as [Field, number][]) {
      for (const name of names[field]) this.#add(name, bit);
      const fallback = fallbacks[field];
      if (fallback !== undefined) this.#add(fallback, bit);
    }
    for (const name of contradicting) this.#add(name, FIELD_BIT.clientId);
  }

  /** Returns the bits of the fields that have a name among the members. */
  of(object: RawObject): number {
    const known = this.#bits;
    let bits = 0;
    for (const name in object) bits |= known.get(name) ?? 0;
    return bits;
  }

  #add(name: string, bit: number): void {
    this.#bits.set(name, (this.#bits.get(name) ?? 0) | bit);
  }
}

import type { Identifier } from "../identity/identifier.js";
import { KeylessEvents } from "../ingest/keyless-events.js";
import type { sendingWithPosition } from "./same-sending.js";

/** The numbers that one replay call gives to events without a key of their own. */
export class BatchKeys {
  /**
   * Ids of counted events that are already assigned to parked events of this call. No other parked event may be assigned
   * to them.
   */
  readonly taken = new Set<string>();
  /** Ids of the events that this call counted or found, by {@link sendingWithPosition}. */
  readonly counted = new Map<string, string>();
  readonly #numberings = new Map<string, KeylessEvents>();

  /** Returns the numbering of one batch. All steps of a call share it, so no number is used twice. */
  readonly numbering = (batchKey: string | undefined, identifier: Identifier): KeylessEvents => {
    const name = JSON.stringify([identifier.rules, batchKey ?? null]);
    const known = this.#numberings.get(name) ?? new KeylessEvents(identifier, batchKey);
    this.#numberings.set(name, known);
    return known;
  };
}

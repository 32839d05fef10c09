import type { ParkedEvent } from "@evt/core";
import { sortable } from "./instant.js";
import { contentKey } from "./open-failures.js";

/** The events of one tenant that are parked as a conflict or a rejection, by their content. */
export class Settlements {
  /** By content, then id: when each was last attempted. */
  readonly #attempts = new Map<string, Map<string, string>>();

  note({ id, identity, fingerprint, lastAttemptAt }: ParkedEvent): void {
    if (identity === null || fingerprint === null) return;
    const key = contentKey(identity, fingerprint);
    const attempts = this.#attempts.get(key) ?? new Map<string, string>();
    this.#attempts.set(key, attempts.set(id, sortable(lastAttemptAt)));
  }

  /** Whether one of them is the event of a failure. Where an identity lapses, an earlier one may be of another event. */
  settle({ identity, fingerprint, identifiedBy, lastAttemptAt }: ParkedEvent): boolean {
    if (identity === null || fingerprint === null) return false;
    const attempts = this.#attempts.get(contentKey(identity, fingerprint));
    if (attempts === undefined) return false;
    return identifiedBy !== "window" || [...attempts.values()].some((at) => at >= sortable(lastAttemptAt));
  }
}

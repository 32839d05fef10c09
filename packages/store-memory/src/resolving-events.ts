import type { ParkedEvent } from "@evt/core/store";
import { sortable } from "./instant.js";
import { contentKey } from "./open-failures.js";

/**
 * One tenant's events that are parked as conflict or rejected, by content. They resolve failed events with the same
 * content.
 */
export class ResolvingEvents {
  /** The time of the last attempt, by content and id. */
  readonly #lastAttempts = new Map<string, Map<string, string>>();

  note({ id, identity, fingerprint, lastAttemptAt }: ParkedEvent): void {
    if (identity === null || fingerprint === null) return;
    const key = contentKey(identity, fingerprint);
    const attempts = this.#lastAttempts.get(key) ?? new Map<string, string>();
    this.#lastAttempts.set(key, attempts.set(id, sortable(lastAttemptAt)));
  }

  /**
   * Returns whether one of these events resolves a failed event. If the identity can lapse, a conflict or rejection with
   * an earlier attempt may be of a different event, so it does not count.
   */
  resolves({ identity, fingerprint, identifiedBy, lastAttemptAt }: ParkedEvent): boolean {
    if (identity === null || fingerprint === null) return false;
    const attempts = this.#lastAttempts.get(contentKey(identity, fingerprint));
    if (attempts === undefined) return false;
    return identifiedBy !== "window" || [...attempts.values()].some((at) => at >= sortable(lastAttemptAt));
  }
}

import type { CanonicalEvent, Provenance } from "../event.js";
import type { Issue } from "../issue.js";

/** The information about an event that is not in its raw data. */
export interface NormalizeContext {
  /** UTC, milliseconds. */
  readonly receivedAt: string;
  /** The vouched client. */
  readonly clientId?: string | undefined;
  /** The key that the caller passed with the event. */
  readonly idempotencyKey?: string | undefined;
  /** Whether an event without a key gets a derived key later. @defaultValue false */
  readonly keyFollows?: boolean | undefined;
}

/** The result for a valid event. */
export interface Normalized {
  readonly outcome: "normalized";
  readonly event: CanonicalEvent;
  readonly provenance: Provenance;
  /** Whether the event has its own timestamp. */
  readonly stamped: boolean;
  /** The timestamp with all of its digits. Absent if it has no digits beyond the microsecond. */
  readonly exactTimestamp?: string | undefined;
  /** Canonical JSON of the data that the mapping's `identity` selects. `null` if the mapping has no `identity`. */
  readonly distinguishing: string | null;
  /**
   * `distinguishing` as an earlier version wrote it. Absent if that version wrote the same JSON, or rejected the event.
   */
  readonly formerDistinguishing?: string | undefined;
}

/** The result for an event that must be rejected. */
export interface NotNormalized {
  readonly outcome: "rejected";
  /** The fields that could be read. */
  readonly event: Partial<CanonicalEvent>;
  readonly provenance: Provenance;
  readonly issues: readonly Issue[];
}

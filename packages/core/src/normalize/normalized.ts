import type { CanonicalEvent, Provenance } from "../event.js";
import type { Issue } from "../issue.js";

/** What is known about an event, apart from its raw data. */
export interface NormalizeContext {
  /** UTC, milliseconds. */
  readonly receivedAt: string;
  /** The vouched client. */
  readonly clientId?: string | undefined;
  /** The key that was passed along with the event. */
  readonly idempotencyKey?: string | undefined;
  /** Whether an event without a key will get a derived one. @defaultValue false */
  readonly keyFollows?: boolean | undefined;
}

/** The result for a valid event. */
export interface Normalized {
  readonly outcome: "normalized";
  readonly event: CanonicalEvent;
  readonly provenance: Provenance;
  /** Whether the event has a timestamp of its own. */
  readonly stamped: boolean;
  /** The timestamp with all of its digits. Absent if it has none beyond the microsecond. */
  readonly exactTimestamp?: string | undefined;
  /** Canonical JSON of the further fields of the identity. `null` if the mapping names none. */
  readonly distinguishing: string | null;
  /** How an earlier version wrote `distinguishing`. Absent if it wrote the same, or rejected the event. */
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

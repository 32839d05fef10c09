import type { IdentifiedBy, ParkedEvent, StoredEvent } from "./event.js";
import type { EvtErrorCode } from "./evt-error.js";
import type { Issue } from "./issue.js";

/** Counted, now and only now. */
export interface Processed {
  readonly outcome: "processed";
  readonly identifiedBy: IdentifiedBy;
  readonly id: string;
  readonly event: StoredEvent;
}

/** Counted before. `event` is the stored one, `null` where it was pruned. */
export interface Duplicate {
  readonly outcome: "duplicate";
  readonly identifiedBy: IdentifiedBy;
  readonly id: string;
  readonly event: StoredEvent | null;
}

/** Its key is taken by other content. The first stays; this one is parked. `issues` name the fields that differ. */
export interface Conflict {
  readonly outcome: "conflict";
  readonly identifiedBy: IdentifiedBy;
  /** The id of the event that holds the key. */
  readonly id: string;
  readonly event: StoredEvent | null;
  readonly parked: ParkedEvent;
  readonly issues: readonly Issue[];
}

/** Not countable as it is; parked. */
export interface Rejected {
  readonly outcome: "rejected";
  readonly id: string;
  readonly parked: ParkedEvent;
  readonly issues: readonly Issue[];
}

/** Not dealt with: send it again. Whether it was stored may be unknown; sending it again counts it once all the same. */
export interface Failed {
  readonly outcome: "failed";
  readonly id: string;
  /** What was, or was to be, parked. */
  readonly parked: ParkedEvent;
  /** Whether the failure could at least be kept. A store that is down cannot. */
  readonly kept: boolean;
  readonly error: { readonly code: EvtErrorCode; readonly message: string };
  /** What lies beneath, such as the driver's error: for logs, never for senders. */
  readonly cause: unknown;
}

/** What became of one event of one call. */
export type Outcome = Processed | Duplicate | Conflict | Rejected | Failed;

/** What a resolved `ingest` yields: nothing is left to send again. */
export type SettledOutcome = Exclude<Outcome, Failed>;

/** What became of the events of one call; outcome i answers event i. */
export interface IngestReport {
  readonly outcomes: readonly Outcome[];
  readonly processed: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly rejected: number;
  readonly failed: number;
}

export function ingestReport(outcomes: readonly Outcome[]): IngestReport {
  const counts = { processed: 0, duplicate: 0, conflict: 0, rejected: 0, failed: 0 };
  for (const { outcome } of outcomes) counts[outcome]++;
  const { processed, duplicate: duplicates, conflict: conflicts, rejected, failed } = counts;
  return { outcomes, processed, duplicates, conflicts, rejected, failed };
}

import type { CanonicalEvent, IdentifiedBy, ParkedEvent, Provenance, StoredEvent } from "./event.js";
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

/** What became of the events of a stream by now; in no particular order. */
export interface StreamReport {
  /** How many were dealt with. */
  readonly events: number;
  readonly processed: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly rejected: number;
}

/** What would become of an event. Canonical, identity and provenance are there wherever it could be normalized. */
export type Preview =
  | {
      readonly outcome: "processed" | "duplicate" | "conflict";
      readonly identifiedBy: IdentifiedBy;
      readonly identity: string;
      readonly id: string;
      readonly canonical: CanonicalEvent;
      /** The text whose SHA-256 is the identity, for anyone to recompute. */
      readonly identityJson: string;
      readonly provenance: Provenance;
      /** With `duplicate` and `conflict`: the stored event, `null` where it was pruned or is an earlier event of the same call. */
      readonly event: StoredEvent | null;
      readonly issues: readonly Issue[];
    }
  | {
      readonly outcome: "rejected";
      readonly canonical: Partial<CanonicalEvent>;
      readonly provenance: Provenance;
      readonly issues: readonly Issue[];
    };

/** What became of one parked event, or would with a dry run. */
export type ReplayResult = { readonly parkedId: string } & (
  | {
      /** `duplicate`: it was counted already, as the event of that id. Either way it is resolved. */
      readonly outcome: "processed" | "duplicate";
      readonly id: string;
      /**
       * `null` where it was pruned. Without its raw event (`rawOmitted`) past `limits.rawChars` in one report, and with
       * a duplicate that was stored with another one.
       */
      readonly event: StoredEvent | null;
    }
  | {
      /** It stays parked, with one more attempt in its history. With `conflict`, `id` holds its key. */
      readonly outcome: "conflict" | "rejected";
      readonly id: string | null;
      readonly canonical: Partial<CanonicalEvent>;
      readonly issues: readonly Issue[];
    }
  /** It was resolved before: counted as the event of that id, or, with `null`, by a resend. */
  | { readonly outcome: "settled"; readonly id: string | null }
  /** No event lies parked under that id. */
  | { readonly outcome: "unknown" }
  /** Not dealt with; replay it again. */
  | { readonly outcome: "failed"; readonly error: { readonly code: EvtErrorCode; readonly message: string } }
);

/** Result i answers parked event i. */
export interface ReplayReport {
  readonly results: readonly ReplayResult[];
  readonly processed: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly rejected: number;
  readonly failed: number;
  /** Resolved before, or unknown: nothing was to be done. */
  readonly settled: number;
  /** For the next ones of the filter; `null` where there are none, or ids were given. */
  readonly nextCursor: string | null;
}

export function ingestReport(outcomes: readonly Outcome[]): IngestReport {
  const counts = { processed: 0, duplicate: 0, conflict: 0, rejected: 0, failed: 0 };
  for (const { outcome } of outcomes) counts[outcome]++;
  const { processed, duplicate: duplicates, conflict: conflicts, rejected, failed } = counts;
  return { outcomes, processed, duplicates, conflicts, rejected, failed };
}

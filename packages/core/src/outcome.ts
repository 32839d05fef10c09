import type { CanonicalEvent, IdentifiedBy, ParkedEvent, Provenance, StoredEvent } from "./event.js";
import type { EvtErrorCode } from "./evt-error.js";
import type { Issue } from "./issue.js";

/** Where an event was in a call. */
export interface Place {
  /** The index of the raw event in the call. */
  readonly index: number;
  /** The position of the event in its envelope. Absent if the raw event was no envelope. */
  readonly part?: number;
}

/** What all results of events have in common. */
export interface Placed {
  /** Where the event was in the call. Present only if the call had an envelope: otherwise, result i belongs to event i. */
  readonly place?: Place;
}

/** The event was counted by this call. */
export interface Processed extends Placed {
  readonly outcome: "processed";
  readonly identifiedBy: IdentifiedBy;
  readonly id: string;
  readonly event: StoredEvent;
}

/** The event was counted earlier. */
export interface Duplicate extends Placed {
  readonly outcome: "duplicate";
  readonly identifiedBy: IdentifiedBy;
  readonly id: string;
  /** The stored event. `null` if it was pruned. */
  readonly event: StoredEvent | null;
  /**
   * The index of the outcome of the event that it was merged with: the first event of the same call with this identity and
   * content. Absent if there is none.
   */
  readonly sameAs?: number;
  /**
   * The event has no key of its own, and its raw event differs from that of the counted event: the dotted paths of the
   * members that differ, such as `["id"]`. Empty if the counted raw event cannot be read. Absent if both say the same.
   */
  readonly differs?: readonly string[];
  /** With `differs`: the event as it was parked, with the reason `raw_differs`. `conflictsWith` is the counted event. */
  readonly parked?: ParkedEvent;
}

/** An event with the same identity and other content was counted earlier. That one stays; this one is parked. */
export interface Conflict extends Placed {
  readonly outcome: "conflict";
  readonly identifiedBy: IdentifiedBy;
  /** The id of the event that holds the identity. */
  readonly id: string;
  /** The event that holds the identity. `null` if it was pruned. */
  readonly event: StoredEvent | null;
  readonly parked: ParkedEvent;
  /** One issue for each field that differs. */
  readonly issues: readonly Issue[];
}

/** The event cannot be counted as it is. It is parked. */
export interface Rejected extends Placed {
  readonly outcome: "rejected";
  readonly id: string;
  readonly parked: ParkedEvent;
  readonly issues: readonly Issue[];
}

/** The event was not dealt with. Send it again. It may be stored already; it is counted once all the same. */
export interface Failed extends Placed {
  readonly outcome: "failed";
  readonly id: string;
  /** The parked event, or the one that would have been parked. */
  readonly parked: ParkedEvent;
  /** Whether the failure was parked. A store that is down cannot park it. */
  readonly kept: boolean;
  readonly error: { readonly code: EvtErrorCode; readonly message: string };
  /**
   * The underlying error, such as that of the database driver. For logs. Not enumerable, so `JSON.stringify` leaves it out
   * and a report is safe to send.
   */
  readonly cause: unknown;
}

/**
 * The result of one event of a call. A new outcome is a major change.
 *
 * Outside this package, these read outcomes: `responses/` of `@evt/http`; the outbox (`count-enqueued.ts`, `relay.ts`) and
 * the parked events of `@evt/store-postgres`; `endpoint.ts` and `message-data.ts` of `@evt/webhooks`; the model of
 * `@evt/store-conformance`; the page of `examples/dashboard` (`web/src/api/`, `web/src/send/`, `web/src/events/`); the
 * harness and the checker of `faults/`.
 */
export type Outcome = Processed | Duplicate | Conflict | Rejected | Failed;

/** The outcome that `ingest` resolves with: the sender has nothing left to send again. */
export type SettledOutcome = Exclude<Outcome, Failed>;

/** The result of `ingestMany`. Outcome i belongs to event i, or to the event in its `place` if the call had envelopes. */
export interface IngestReport {
  readonly outcomes: readonly Outcome[];
  readonly processed: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly rejected: number;
  readonly failed: number;
  /** How many of the duplicates have `differs`. */
  readonly possibleTwins: number;
}

/** The counts of a stream so far. */
export interface StreamReport {
  /** The sum of the other counts, without `possibleTwins`. */
  readonly events: number;
  readonly processed: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly rejected: number;
  /** How many of the duplicates have `differs`. */
  readonly possibleTwins: number;
}

/** What `ingest` would do with an event now. */
export type Preview = Placed &
  (
    | {
        readonly outcome: "processed" | "duplicate" | "conflict";
        readonly identifiedBy: IdentifiedBy;
        readonly identity: string;
        readonly id: string;
        readonly canonical: CanonicalEvent;
        /** The JSON text whose SHA-256 is the identity, so that anyone can recompute it. */
        readonly identityJson: string;
        readonly provenance: Provenance;
        /** With `duplicate` and `conflict`: the stored event. `null` if it was pruned, or is an earlier event of this call. */
        readonly event: StoredEvent | null;
        readonly issues: readonly Issue[];
        /** With `duplicate`: as in {@link Duplicate}. */
        readonly sameAs?: number;
        /** With `duplicate`: as in {@link Duplicate}. */
        readonly differs?: readonly string[];
      }
    | {
        readonly outcome: "rejected";
        /** The fields that could be read. */
        readonly canonical: Partial<CanonicalEvent>;
        readonly provenance: Provenance;
        readonly issues: readonly Issue[];
      }
  );

/** The result of replaying one parked event. With `dryRun`: what the result would be. */
export type ReplayResult = { readonly parkedId: string } & (
  | {
      /** `duplicate`: the event was counted earlier. Both outcomes resolve the parked event. */
      readonly outcome: "processed" | "duplicate";
      /** The id of the counted event. */
      readonly id: string;
      /**
       * `null` if it was pruned. `rawOmitted` if the report already has `limits.rawChars` characters of raw events, or if a
       * duplicate was stored with another raw event.
       */
      readonly event: StoredEvent | null;
    }
  | {
      /** The event stays parked; its history has one more replay. */
      readonly outcome: "conflict" | "rejected";
      /** With `conflict`: the id of the event that holds the identity. */
      readonly id: string | null;
      readonly canonical: Partial<CanonicalEvent>;
      readonly issues: readonly Issue[];
    }
  /** The event is an envelope. It is resolved; the events inside were replayed instead of it. */
  | { readonly outcome: "unwrapped"; readonly parts: readonly ReplayResult[] }
  /** The parked event was resolved earlier: counted as event `id`, or, with `null`, by a resend. */
  | { readonly outcome: "settled"; readonly id: string | null }
  /** No parked event has this id. */
  | { readonly outcome: "unknown" }
  /** The event was not dealt with. Replay it again. */
  | { readonly outcome: "failed"; readonly error: { readonly code: EvtErrorCode; readonly message: string } }
);

/** The result of a replay. Result i belongs to parked event i. The counts are of events: of an envelope, those inside. */
export interface ReplayReport {
  readonly results: readonly ReplayResult[];
  readonly processed: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly rejected: number;
  readonly failed: number;
  /** Events that needed no replay: resolved earlier, or unknown. */
  readonly settled: number;
  /** Pass it as `cursor` to replay the rest. `null` if there is no rest, or if ids were given. */
  readonly nextCursor: string | null;
}

/** Returns the report of these outcomes. */
export function ingestReport(outcomes: readonly Outcome[]): IngestReport {
  const counts = { processed: 0, duplicate: 0, conflict: 0, rejected: 0, failed: 0 };
  let possibleTwins = 0;
  for (const outcome of outcomes) {
    counts[outcome.outcome]++;
    if (outcome.outcome === "duplicate" && outcome.differs !== undefined) possibleTwins++;
  }
  const { processed, duplicate: duplicates, conflict: conflicts, rejected, failed } = counts;
  return { outcomes, processed, duplicates, conflicts, rejected, failed, possibleTwins };
}

/** Returns a `Failed` outcome. Its cause is not enumerable. */
export function failedOutcome(failed: Omit<Failed, "outcome" | "cause">, cause: unknown): Failed {
  const { id, parked, kept, error } = failed;
  const outcome = { outcome: "failed" as const, id, parked, kept, error };
  return Object.defineProperty(outcome, "cause", { value: cause }) as Failed;
}

import type { CanonicalEvent, IdentifiedBy, ParkedEvent, Provenance, StoredEvent } from "./event.js";
import type { EvtErrorCode } from "./evt-error.js";
import type { Issue } from "./issue.js";

/** The position of an event in a call. */
export interface Place {
  /** The index of the raw event in the call. */
  readonly index: number;
  /** The position of the event in its envelope. Absent if the raw event was not an envelope. */
  readonly part?: number;
}

/** The member that the results of all events have in common. */
export interface Placed {
  /**
   * The position of the event in the call. Present only if the call had an envelope. Otherwise, result i belongs to event
   * i.
   */
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
   * The index of the outcome that this event was merged with. That outcome belongs to the first event of the same call
   * with this identity and content. Absent if the call has no earlier equal event.
   */
  readonly sameAs?: number;
  /**
   * The dotted paths of the raw members that differ from the counted event, such as `["id"]`. Present only if the event
   * has no key of its own and its raw event differs. Empty if the counted raw event cannot be read. Absent if the raw
   * events have equal members.
   */
  readonly differs?: readonly string[];
  /** With `differs`: the event as it was parked, with the reason `raw_differs`. `conflictsWith` is the counted event. */
  readonly parked?: ParkedEvent;
}

/**
 * An event with the same identity but different content was counted earlier. The earlier event remains counted, and this
 * event is parked.
 */
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

/**
 * evt could not finish processing the event, for example because the store was down. Send the event again: even if it is
 * already stored, it is counted only once.
 */
export interface Failed extends Placed {
  readonly outcome: "failed";
  readonly id: string;
  /** The parked event. If `kept` is `false`, the event that evt could not park. */
  readonly parked: ParkedEvent;
  /** Whether the failed event was parked. `false`, for example, if the store is down. */
  readonly kept: boolean;
  readonly error: { readonly code: EvtErrorCode; readonly message: string };
  /**
   * The underlying error, such as the database driver's error. For logs. Not enumerable, so `JSON.stringify` leaves it
   * out and a report can safely be sent to a client.
   */
  readonly cause: unknown;
}

/**
 * The result of one event of a call. Adding an outcome requires a new major version.
 *
 * Code outside this package that depends on the list of outcomes: `responses/` of `@evt/http`; the outbox
 * (`count-enqueued.ts`, `relay.ts`) and the parked events of `@evt/store-postgres`; `endpoint.ts` and `message-data.ts`
 * of `@evt/webhooks`; the model of `@evt/store-conformance`; the page of `examples/dashboard` (`web/src/api/`,
 * `web/src/send/`, `web/src/events/`); the harness and the checker of `faults/`.
 */
export type Outcome = Processed | Duplicate | Conflict | Rejected | Failed;

/** The outcome that `ingest` resolves with. The sender need not send the event again. */
export type SettledOutcome = Exclude<Outcome, Failed>;

/**
 * The result of `ingestMany`. Outcome i belongs to event i. If the call had envelopes, the outcome's `place` names its
 * event.
 */
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
  /** The sum of the other counts, except `possibleTwins`. */
  readonly events: number;
  readonly processed: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly rejected: number;
  /** How many of the duplicates have `differs`. */
  readonly possibleTwins: number;
}

/** The result that `ingest` would have for an event now. */
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
        /**
         * With `duplicate` and `conflict`: the stored event. `null` if the event was pruned, or if it is an earlier event
         * of this call.
         */
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

/** The result of replaying one parked event. With `dryRun`: the expected result. */
export type ReplayResult = { readonly parkedId: string } & (
  | {
      /**
       * `processed`: this replay counted the event. `duplicate`: it was counted earlier. Both outcomes resolve the parked
       * event.
       */
      readonly outcome: "processed" | "duplicate";
      /** The id of the counted event. */
      readonly id: string;
      /**
       * The counted event. `null` if it was pruned. Marked `rawOmitted` if the report already has `limits.rawChars`
       * characters of raw events, or if a duplicate's stored raw event differs.
       */
      readonly event: StoredEvent | null;
    }
  | {
      /** The event stays parked, and its replay history has one more item. */
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

/**
 * The result of a replay. Result i belongs to parked event i. For an envelope, the counts include the events inside it,
 * not the envelope.
 */
export interface ReplayReport {
  readonly results: readonly ReplayResult[];
  readonly processed: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly rejected: number;
  readonly failed: number;
  /** The number of events that needed no replay, because they were resolved earlier or do not exist. */
  readonly settled: number;
  /** Pass this string as `cursor` to replay the rest. `null` if no event is left, or if the call was given ids. */
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

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
  /** The position of the event in the call. Absent if the call had no envelope: result i then belongs to event i. */
  readonly place?: Place;
}

/**
 * This call counted the event. With `ingestPrepared`, an earlier call with the same prepared event may have counted it.
 */
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
   * with this identity and content. Absent if there is no such earlier event.
   */
  readonly sameAs?: number;
  /**
   * Up to 20 dotted paths of the raw members that differ from the counted event, such as `["id"]`. Empty if evt could not
   * compare the raw events. Absent if the raw events have equal members, or if the event has its own key.
   */
  readonly differs?: readonly string[];
  /**
   * With `differs`: this event as it was parked, with the reason `raw_differs`. Its `conflictsWith` is the id of the
   * counted event.
   */
  readonly parked?: ParkedEvent;
}

/**
 * An event with the same identity was counted earlier, but this event is not its duplicate, usually because the content
 * differs. The earlier event remains counted, and this event is parked.
 */
export interface Conflict extends Placed {
  readonly outcome: "conflict";
  readonly identifiedBy: IdentifiedBy;
  /** The id of the event that holds the identity. */
  readonly id: string;
  /** The event that holds the identity. `null` if it was pruned. */
  readonly event: StoredEvent | null;
  readonly parked: ParkedEvent;
  /** The reasons: usually one issue for each field that differs. */
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
 * evt could not finish processing the event, for example because the store was down. Send the event again. If it has a
 * key or a timestamp, it is counted only once, even if it is already stored.
 */
export interface Failed extends Placed {
  readonly outcome: "failed";
  readonly id: string;
  /** The event as evt parks it. Stored only if `kept` is `true`. */
  readonly parked: ParkedEvent;
  /** Whether the failed event was parked. `false` if the store is down, for example, and always in `ingestPrepared`. */
  readonly kept: boolean;
  readonly error: { readonly code: EvtErrorCode; readonly message: string };
  /**
   * The underlying error, such as the database driver's error. For logs. Not enumerable, so `JSON.stringify` leaves it
   * out of a report for a client.
   */
  readonly cause: unknown;
}

/**
 * The result of one event of a call. A new outcome needs a new major version.
 *
 * This code outside the package depends on the list of outcomes: `responses/` of `@evt/http`; the outbox
 * (`count-enqueued.ts`, `relay.ts`) and the parked events of `@evt/store-postgres`; `endpoint.ts` and `message-data.ts`
 * of `@evt/webhooks`; the model of `@evt/store-conformance`; the page of `examples/dashboard` (`web/src/api/`,
 * `web/src/send/`, `web/src/events/`); the harness and the checker of `faults/`.
 */
export type Outcome = Processed | Duplicate | Conflict | Rejected | Failed;

/** The outcome with which `ingest` resolves. The sender need not send the event again. */
export type SettledOutcome = Exclude<Outcome, Failed>;

/**
 * The result of `ingestMany`. Outcome i belongs to event i. If the call had an envelope, the `place` of an outcome names
 * the event instead.
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

/** The result that an event would have now, if it were ingested. */
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
         * With `duplicate` and `conflict`: the stored event. `null` if that event was pruned, or is an earlier event of
         * this call. Always `null` with `processed`.
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
       * `processed`: this replay counted the event. `duplicate`: the event was counted earlier. Except in a dry run, both
       * outcomes resolve the parked event.
       */
      readonly outcome: "processed" | "duplicate";
      /** The id of the counted event. */
      readonly id: string;
      /**
       * The counted event. `null` if it was pruned, or if a dry run only expects it. Its raw event may be omitted
       * (`rawOmitted`), for example because the raw events of a report are limited to `limits.rawChars` characters.
       */
      readonly event: StoredEvent | null;
    }
  | {
      /** The event stays parked. */
      readonly outcome: "conflict" | "rejected";
      /** With `conflict`: the id of the event that holds the identity. */
      readonly id: string | null;
      readonly canonical: Partial<CanonicalEvent>;
      readonly issues: readonly Issue[];
    }
  /** The event is an envelope. The events inside were replayed in place of the envelope, and the envelope is resolved. */
  | { readonly outcome: "unwrapped"; readonly parts: readonly ReplayResult[] }
  /** The parked event was resolved earlier. `id` is the counted event that its replay history names, or `null`. */
  | { readonly outcome: "settled"; readonly id: string | null }
  /** No parked event has this id. */
  | { readonly outcome: "unknown" }
  /** The replay did not finish. Replay the event again. */
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
  /** The number of ids without a replay: their events were resolved earlier or do not exist. */
  readonly settled: number;
  /** Pass this string as `cursor` to replay the rest. `null` if no event is left, and always for `replay`. */
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

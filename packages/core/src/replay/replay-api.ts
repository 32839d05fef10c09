import type { CanonicalEvent, ParkedEvent, ParkedStatus, StoredEvent } from "../event.js";
import type { CallOptions, Instant } from "../evt.js";
import type { EvtErrorCode } from "../evt-error.js";
import type { Issue } from "../issue.js";

/** Which parked events are meant. Absent members do not filter; only those that are open are ever meant. */
export interface ParkedFilter {
  readonly clientId?: string;
  readonly metric?: string;
  /** One or several; default: all three. */
  readonly status?: ParkedStatus | readonly ParkedStatus[];
  /** A code of an issue, or of a failure's error. */
  readonly reason?: string;
  /** By event time, `from ≤ t < to`; one without a readable time goes by its receipt. */
  readonly from?: Instant;
  readonly to?: Instant;
  /** The zone of bare dates and of instants without an offset. @defaultValue "UTC" */
  readonly timeZone?: string;
}

/** Which parked events are replayed in one call: the latest received first. */
export interface ReplayQuery extends ParkedFilter {
  /** How many at most, 1 to 1,000; fewer where the time of a call (`timeoutMs`) passes first. @defaultValue 1,000 */
  readonly limit?: number;
  /** `nextCursor` of the call before, with the same filter: what was refused again is not tried again. */
  readonly cursor?: string;
}

export interface ReplayOptions extends CallOptions {
  /** A mapping by its name in `mappings`; else the choice is made as for any event. */
  readonly mapping?: string;
  /**
   * Vouches for the events in place of whoever sent them: they are this client's, and one that names another is rejected.
   * Default: the client that each was parked with. An `edit` alone does not change whose event it is.
   */
  readonly clientId?: string;
  /** Makes the event that is counted instead, of a copy of the raw event. What it throws rejects that event. */
  readonly edit?: (raw: unknown, parked: ParkedEvent) => unknown;
  /** Says what would happen, and writes nothing. @defaultValue false */
  readonly dryRun?: boolean;
}

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

import type { Dimensions, Entry, IdentifiedBy, ParkedEvent, ParkedStatus, StoredEvent } from "./event.js";
import type { TotalsSource } from "./queries.js";
import type {
  AggregateQuery,
  AggregateRow,
  EntryPage,
  EntryQuery,
  EntrySelection,
  NameQuery,
  SeenName,
} from "./store-queries.js";

export type * from "./store-queries.js";

/** Options of every call to a store. */
export interface StoreCall {
  /**
   * Aborts when the caller no longer waits. The store must then stop the work, free the resources of the call and reject
   * with `EVT_STORE_UNAVAILABLE`.
   */
  readonly signal: AbortSignal;
  /**
   * For `holders`, `get` and `list`: the maximum number of raw-event characters in the result. A store may count UTF-8
   * bytes instead, because there are never fewer bytes than characters. The first raw event is returned regardless of its
   * length. The store leaves out the first raw event that does not fit, and every raw event after it: `rawJson` is then
   * `null` and `rawOmitted` is `true`. With 0, the store reads no raw events.
   * @defaultValue no limit
   */
  readonly rawChars?: number;
  /**
   * For `aggregate`: called with the data from which the store computed the totals, before the call resolves. A store may
   * never call it.
   */
  readonly onTotalsFrom?: (source: TotalsSource) => void;
}

/** A combination of keys by which a store keeps totals, in addition to client and metric. */
export interface TotalsCombination {
  readonly byClientId: boolean;
  readonly byMetric: boolean;
  /** The names of dimensions, sorted. Never empty. */
  readonly byDimensions: readonly string[];
}

/** A canonical, identified event to insert. Immutable. Hashes have 64 hex digits. */
export interface EventRecord {
  readonly tenantId: string;
  /**
   * The identity to claim. Unique in its tenant until the claim lapses. Records with equal identities also have equal
   * `identifiedBy`. Depending on `identifiedBy`, they have equal keys (`key`), timestamps (`content`) or receive times
   * (`receipt`). A store may therefore partition or sort its claims by these members.
   */
  readonly identity: string;
  /** The id of the event. Equal to the identity, unless the claim can lapse. */
  readonly id: string;
  readonly fingerprint: string;
  readonly identifiedBy: IdentifiedBy;
  /**
   * Unique to this record and this call, so that a retry recognizes the row that an earlier try inserted. 32 hex digits.
   */
  readonly receiptId: string;
  /** UTC, milliseconds. */
  readonly receivedAt: string;
  /** The instant at which the claim lapses. `null` if it never lapses. */
  readonly lapsesAt: string | null;
  readonly clientId: string;
  readonly metric: string;
  readonly amount: string;
  /** Up to 64 characters. @defaultValue null */
  readonly unit?: string | null;
  /** Up to 8 members, in the order of their names. @defaultValue null */
  readonly dimensions?: Dimensions | null;
  readonly timestamp: string;
  readonly idempotencyKey: string | null;
  /** Well-formed Unicode. Lone surrogates and NUL occur only as escapes. */
  readonly rawJson: string | null;
  /**
   * A short hash of the raw event, an integer from 0 to 2^52 - 1. `null` or absent if raw events are not compared: the
   * event has its own key, or evt counts each receipt.
   */
  readonly rawHash?: number | null;
  /** The version of the identity rules: 1 or more. @defaultValue 1 */
  readonly rules?: number;
  /**
   * The number of events in the record's batch that have the same content and differ only by an ordinal.
   * @defaultValue 1
   */
  readonly twins?: number;
}

/** The claim on an identity. */
export interface Claim {
  /** The id of the event that made the claim. */
  readonly id: string;
  readonly receiptId: string;
  readonly receivedAt: string;
  readonly fingerprint: string;
  /** The `rawHash` of the record. `null` if the record had none. */
  readonly rawHash: number | null;
  /** The record's value, or 1 if the record had none. */
  readonly rules: number;
  /** The record's value, or 1 if the record had none. */
  readonly twins: number;
}

/** A claim and its stored event. */
export interface Holder {
  readonly claim: Claim;
  /** `null` if the event was pruned. The claim of a pruned event remains. */
  readonly event: StoredEvent | null;
}

/** The result of inserting one record: the record is inserted, or a holder has already taken its identity. */
export type InsertOutcome = { readonly outcome: "inserted" } | ({ readonly outcome: "taken" } & Holder);

/**
 * Stores events. The obligations of its methods have numbers. `@evt/store-conformance` tests each obligation under its
 * number.
 *
 * Core passes only valid, canonical values. It also passes every instant, so only S7 may need a clock. A store rejects
 * only with an `EvtError`. After `EVT_STORE_UNAVAILABLE`, it is unknown whether the records are stored. After each other
 * code, nothing was stored. `EVT_STORE_CONTENDED`: a retry may succeed. `EVT_RECORD_REFUSED`: the store can never hold
 * one of the records. `EVT_SCHEMA_OUTDATED`: an operator must act. Core treats any other error as a bug in the store.
 */
export interface Store {
  /**
   * Claims the identity of each record and stores its event. If an identity is already taken, its claim and event do not
   * change.
   *
   * - S1 An insert stores all of its new events or none.
   * - S2 Of concurrent inserts of one identity, exactly one wins.
   * - S3 Outcome i belongs to record i. If several records of a call have the same identity, only the first of them can
   *   win the claim. The others get the holder that exists after the first record was inserted.
   * - S4 For a taken identity, the result has the claim, and also the event unless the event was pruned. The store may
   *   leave out a raw event that differs from the record's own (`rawOmitted`). Calls share inserts, so one call must not
   *   wait for another call's large raw events.
   * - S5a Inserted events are visible to every later call. S5b In a durable store, inserted events are still visible
   *   after the store is reopened.
   * - S6 Totals change atomically with the insert.
   * - S7 A claim is free if its `lapsesAt` is at or before the new record's `receivedAt`. The earlier event remains
   *   counted. Hosts that share a store may have different clocks, so a shared store should use its own clock. A claim
   *   with a `lapsesAt` then lapses `lapsesAt - receivedAt` after it was made, for `insert`, `park` and `holders`. A
   *   retried record must not take over its own claim.
   * - S8 An insert atomically resolves the parked failed events with its identity and fingerprint. It does so if it wins
   *   the claim, and also if the holder has the same fingerprint.
   * - S13 Equal identities of different tenants are independent of each other.
   */
  insert(records: readonly EventRecord[], call: StoreCall): Promise<readonly InsertOutcome[]>;

  /**
   * Stores events that were not counted.
   *
   * - S9 If an event with the same tenant and id is already parked, its `attempts` increases by one. Its `lastAttemptAt`
   *   and `error` become those of the argument, and its `receivedAt` does not change. It is unresolved again, unless the
   *   next rules resolve it. The argument's `attempts` is always 1, and the store ignores it. A failed event is resolved
   *   immediately if a claim holds its identity, has its fingerprint, and had not lapsed at this attempt. A conflict or
   *   rejection resolves the failed events with its identity and fingerprint: parked ones atomically, later ones when
   *   they are parked. With `identifiedBy: "window"`, it resolves only failed events whose last attempt was not later
   *   than its own, because later equal content may be a different event. A rejection without an identity resolves the
   *   unresolved failed events with the same raw event, `vouchedClientId` and `givenKey`, if these are stored.
   */
  park(events: readonly ParkedEvent[], call: StoreCall): Promise<void>;

  /**
   * S15 Returns one result for each record: the holder that an insert of this record alone would find now, or `null` if
   * that insert would win the claim. The call writes nothing, and the records of one call do not affect each other.
   *
   * S19 The results include raw events in order, up to `rawChars`. The same applies to `get` and `list`.
   */
  holders(records: readonly EventRecord[], call: StoreCall): Promise<readonly (Holder | null)[]>;

  /**
   * Returns one result for each id: the counted or parked event, or `null`.
   *
   * - S14 The result is `null` for an unknown id, and also for an id of another tenant.
   */
  get(tenantId: string, ids: readonly string[], call: StoreCall): Promise<readonly (Entry | null)[]>;

  /**
   * Returns a page of entries.
   *
   * - S10 The order is total and stable. A caller that reads page after page sees each entry exactly once if the entry
   *   was committed before the first page and does not change during the reading. If a raw event does not fit, the page
   *   ends before its entry, instead of leaving the raw event out. With `rawChars: 0`, this does not apply.
   */
  list(query: EntryQuery, call: StoreCall): Promise<EntryPage>;

  /**
   * S11 Returns exact totals: they equal the totals computed from the single counted events, digit for digit. Core
   * computes averages.
   *
   * S20 With `order`, the rows are sorted by it, and begin after the position `after`. The order is total, and the same
   * in every store, so pages contain each group once if no total changes in the meantime.
   *
   * S21 Amounts of different units are never added up: each unit of a group has its own row. The `limit` counts these rows.
   *
   * S22 Dimensions filter and group exactly, here, in `list` and in `reasons`. A dimension that an event does not have is `null`.
   */
  aggregate(query: AggregateQuery, call: StoreCall): Promise<readonly AggregateRow[]>;

  /**
   * S23 Returns the first `limit` distinct clients or metrics of the counted events, sorted by code point. Inserted names
   * are visible to every later call. A name remains after its events are pruned.
   */
  names(query: NameQuery, call: StoreCall): Promise<readonly SeenName[]>;

  /**
   * S24 Asks the store to keep the totals of these combinations, so that `aggregate` need not read events. `createEvt`
   * calls this method once if its option `totals` has combinations. Totals are exact with any combinations, also if the
   * processes of an application pass different ones. A store that is faster without kept totals may ignore the call.
   * Without this method, `createEvt` refuses `totals.by`.
   */
  keepTotals?(combinations: readonly TotalsCombination[]): void;

  /** Resolves if the store can take an insert now. */
  ping(call: StoreCall): Promise<void>;

  /** S12 Closes only the resources that the store itself opened. Idempotent. */
  close(): Promise<void>;
}

/** A replay to do: the record to count in place of a parked event. */
export interface Replay {
  readonly parkedId: string;
  /** The record to count. Its tenant is the parked event's tenant, and its `receivedAt` is the time of the replay. */
  readonly record: EventRecord;
}

/** One past replay of a parked event: an item of its replay history. */
export interface ReplayAttempt {
  readonly parkedId: string;
  /** Unique to this replay, 32 hex digits. For a `processed` attempt, the receipt id of the record. */
  readonly replayId: string;
  /** UTC, milliseconds. */
  readonly at: string;
  readonly outcome: "processed" | "duplicate" | "conflict" | "rejected";
  /**
   * The id of the event that this replay counted, or of the event that already holds the identity. `null` if there is
   * neither.
   */
  readonly eventId: string | null;
  /** The codes of the issues. */
  readonly reasons: readonly string[];
}

/** The result of one replay. */
export type ReplayOutcome =
  | { readonly outcome: "inserted" }
  | ({ readonly outcome: "taken" } & Holder)
  /**
   * The parked event was resolved earlier: by `attempt`, or, if `attempt` is `null`, by another outcome of the same
   * event. The call changed nothing.
   */
  | { readonly outcome: "settled"; readonly attempt: ReplayAttempt | null }
  /** No parked event has this id. */
  | { readonly outcome: "unknown" };

/** Query of `ReplayStore.reasons`. Only unresolved events are counted. */
export interface ReasonQuery extends EntrySelection {
  readonly statuses: readonly ParkedStatus[];
  /** Maximum number of groups. The largest groups are returned first. */
  readonly limit: number;
}

/** A group of parked events with the same status and the same reasons. */
export interface ReasonCount {
  readonly status: ParkedStatus;
  /** The reasons, as {@link reasonsOf} returns them. */
  readonly reasons: readonly string[];
  readonly count: number;
  /** UTC, milliseconds. */
  readonly firstReceivedAt: string;
  /** UTC, milliseconds. */
  readonly lastAttemptAt: string;
}

/** A store whose parked events can be replayed. It rejects with the same errors as {@link Store}. */
export interface ReplayStore extends Store {
  /** S16 Counts unresolved parked events by status and reasons. */
  reasons(query: ReasonQuery, call: StoreCall): Promise<readonly ReasonCount[]>;

  /**
   * S17 Does what `insert` does for each record, but only if its parked event is unresolved. If the record wins the
   * claim, the call atomically resolves the parked event and stores a `processed` attempt. Of all replays of one parked
   * event, at most one is counted, even if their content differs. Core passes a parked event at most once in a call. A
   * record whose identity is taken stores no attempt, and resolves its parked event only by S8. Replays that share an
   * insert succeed or fail together. If a failed call is repeated, it completes the remaining replays.
   */
  replay(replays: readonly Replay[], call: StoreCall): Promise<readonly ReplayOutcome[]>;

  /**
   * S18 Stores attempts. Storing the same attempt again has no effect. A `duplicate` attempt resolves its parked event;
   * attempts with other outcomes do not.
   */
  note(tenantId: string, attempts: readonly ReplayAttempt[], call: StoreCall): Promise<void>;

  /**
   * S18 Returns the attempts of a parked event, the earliest first. For the id of a counted event, returns the
   * `processed` and `duplicate` attempts that name it. If there are more than {@link MOST_ATTEMPTS} attempts, it returns
   * the attempt that counted the event and the latest others.
   */
  history(tenantId: string, id: string, call: StoreCall): Promise<readonly ReplayAttempt[]>;
}

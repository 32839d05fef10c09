import type { Entry, EntryStatus, IdentifiedBy, ParkedEvent, ParkedStatus, StoredEvent } from "./event.js";

/** Options of every call to a store. */
export interface StoreCall {
  /**
   * Aborts when the caller no longer waits. The store stops the work, frees its resources and rejects with
   * `EVT_STORE_UNAVAILABLE`.
   */
  readonly signal: AbortSignal;
  /**
   * For `holders`, `get` and `list`: how many characters of raw events the call may return. A store may count UTF-8 bytes
   * instead, which are never fewer. The first raw event is returned no matter how long it is. The first one that does not
   * fit, and all after it, are left out: `rawJson` is `null` and `rawOmitted` is `true`. With 0, no raw event is read.
   * @defaultValue no limit
   */
  readonly rawChars?: number;
}

/** A canonical, identified event to insert. It never changes. Hashes are 64 hex digits. */
export interface EventRecord {
  readonly tenantId: string;
  /**
   * The identity to claim. Unique in its tenant until the claim lapses. It follows from what identifies the event: equal
   * identities have equal `identifiedBy`, and equal keys (with `key`), timestamps (with `content`) or times of receipt
   * (with `receipt`). A store may use these to arrange its claims.
   */
  readonly identity: string;
  /** The id of the event. Equal to the identity, except if claims lapse. */
  readonly id: string;
  readonly fingerprint: string;
  readonly identifiedBy: IdentifiedBy;
  /** Unique to this record of this call: a retry recognizes its own row by it. 32 hex digits. */
  readonly receiptId: string;
  /** UTC, milliseconds. */
  readonly receivedAt: string;
  /** The instant at which the claim lapses. `null`: never. */
  readonly lapsesAt: string | null;
  readonly clientId: string;
  readonly metric: string;
  readonly amount: string;
  readonly timestamp: string;
  readonly idempotencyKey: string | null;
  /** Well-formed Unicode. Lone surrogates and NUL occur only as escapes. */
  readonly rawJson: string | null;
  /**
   * A short hash of the raw event, an integer from 0 to 2^52 - 1. `null` or absent: unknown, or the event is identified by
   * its own key, so that other raw members do not matter.
   */
  readonly rawHash?: number | null;
  /** The version of the identity rules, from 1. @defaultValue 1 */
  readonly rules?: number;
  /** How many events of its batch have the same content and are told apart only by an ordinal. @defaultValue 1 */
  readonly twins?: number;
}

/** The claim on an identity. */
export interface Claim {
  /** The id of the event that made the claim. */
  readonly id: string;
  readonly receiptId: string;
  readonly receivedAt: string;
  readonly fingerprint: string;
  /** That of the record. `null`: it had none. */
  readonly rawHash: number | null;
  /** That of the record. 1 if it had none. */
  readonly rules: number;
  /** That of the record. 1 if it had none. */
  readonly twins: number;
}

/** A claim and its stored event. */
export interface Holder {
  readonly claim: Claim;
  /** `null` if the event was pruned. Its claim remains. */
  readonly event: StoredEvent | null;
}

/** The result of inserting one record: inserted, or its identity is taken by a holder. */
export type InsertOutcome = { readonly outcome: "inserted" } | ({ readonly outcome: "taken" } & Holder);

/** A position in the list: a page begins after the entry at this position. */
export interface EntryPosition {
  readonly receivedAt: string;
  readonly id: string;
}

/** Query of `Store.list`. An absent member does not filter. */
export interface EntryQuery {
  readonly tenantId: string;
  readonly clientId?: string;
  /** Only entries that a caller bound to this client may see, by the rule of `isVisibleTo`. */
  readonly visibleTo?: string;
  readonly metric?: string;
  /** Not empty. A resolved failure has none of these statuses. */
  readonly statuses: readonly EntryStatus[];
  /** Only parked events with this reason, as `reasonsOf` returns them. */
  readonly reason?: string;
  /** By event time, `from ≤ t < to`. An entry without a readable timestamp goes by its receipt. */
  readonly from?: string;
  readonly to?: string;
  /** Page size; positive. */
  readonly limit: number;
  readonly after?: EntryPosition;
  /** How many entries to skip, without reading their raw events. @defaultValue 0 */
  readonly skip?: number;
}

/** A page of entries: the latest received first; among equals, the greater id first. */
export interface EntryPage {
  readonly entries: readonly Entry[];
  /** Whether more entries follow. */
  readonly more: boolean;
}

/** Query of `Store.aggregate`. An absent member does not filter. */
export interface AggregateQuery {
  readonly tenantId: string;
  readonly clientId?: string;
  readonly metric?: string;
  /** By event time, `from ≤ t < to`. */
  readonly from?: string;
  readonly to?: string;
  readonly byClientId: boolean;
  readonly byMetric: boolean;
  /**
   * The instants at which buckets begin, ascending. The first one is `from`; the last bucket ends at `to`. If absent, there
   * is one bucket. If present, `from` and `to` are present, too.
   */
  readonly buckets?: readonly string[];
  /** Row limit. If there are more rows, any `limit` of them are returned. Core passes its own limit plus one. */
  readonly limit: number;
}

/** The total of one group. Groups without events are left out. Decimals are canonical. */
export interface AggregateRow {
  /** Index into `buckets`. 0 without buckets. */
  readonly bucket: number;
  /** `null` if not grouped by it. */
  readonly clientId: string | null;
  /** `null` if not grouped by it. */
  readonly metric: string | null;
  readonly count: number;
  readonly sum: string;
  readonly min: string;
  readonly max: string;
}

/**
 * Stores events. Each obligation has a number, and `@evt/store-conformance` has a test for each number.
 *
 * Core passes only valid, canonical values. Instants come from the caller: a store reads no clock, except for S7. A store
 * rejects only with an `EvtError`: `EVT_STORE_UNAVAILABLE` (the records may be stored), `EVT_STORE_CONTENDED` (nothing was
 * stored, try again), `EVT_RECORD_REFUSED` (nothing was stored, the store can never hold one of the records) or
 * `EVT_SCHEMA_OUTDATED` (nothing was stored, an operator must act). Core treats any other error as a defect of the store.
 */
export interface Store {
  /**
   * Claims the identity of each record and stores its event. A taken identity stays as it is.
   *
   * - S1 All or nothing.
   * - S2 Of concurrent inserts of one identity, exactly one wins.
   * - S3 Outcome i belongs to record i. If an identity occurs several times in a call, its first record decides; the
   *   others get the holder after that.
   * - S4 A taken identity returns its claim, and its event unless that was pruned. A raw event that differs from the
   *   record's own may be left out (`rawOmitted`): calls share inserts, and must not wait for large raw events.
   * - S5a Inserted events are visible to every later call. S5b In a durable store, also after a reopen.
   * - S6 Totals change in the same instant.
   * - S7 A claim with `lapsesAt ≤ receivedAt` of the new record is free. The earlier event stays counted. If several hosts
   *   share a store, their clocks may differ. Such a store should use its own clock: a claim then lasts for
   *   `lapsesAt - receivedAt` from when it is made, here and in `park` and `holders`. A record that is tried again must not
   *   take over its own claim by that clock.
   * - S8 Parked failures of the same identity and fingerprint are resolved in the same instant. This holds for an insert
   *   that wins, and for one that finds the identity taken with that fingerprint.
   * - S13 Identities of different tenants never meet.
   */
  insert(records: readonly EventRecord[], call: StoreCall): Promise<readonly InsertOutcome[]>;

  /**
   * Stores events that were not counted.
   *
   * - S9 If an event with the same tenant and id is parked already, it gets one attempt more and takes over
   *   `lastAttemptAt`, `error` and `resolvedAt: null`. Its `receivedAt` never changes. `attempts` of the argument is 1 and
   *   ignored. A failure whose identity and fingerprint are counted already, by a claim that had not lapsed at this
   *   attempt, is resolved as it is parked. A conflict or rejection resolves the failures of its identity and fingerprint:
   *   open ones in the same instant, later ones as they are parked. If `window` identifies them, it resolves only failures
   *   whose last attempt was not later than its own, because the same content may be another event by then. A rejection
   *   without identity resolves the open failures of the same raw event, `vouchedClientId` and `givenKey`, if these are
   *   stored.
   */
  park(events: readonly ParkedEvent[], call: StoreCall): Promise<void>;

  /**
   * S15 Returns for each record the holder of its identity, as an insert of this record alone would find it now. `null` if
   * the insert would win. Nothing is written, and records of one call do not affect each other.
   *
   * S19 Raw events stay within `rawChars`, in the order of the results. The same holds for `get` and `list`.
   */
  holders(records: readonly EventRecord[], call: StoreCall): Promise<readonly (Holder | null)[]>;

  /**
   * Returns for each id the counted or parked event, or `null`.
   *
   * - S14 An id of another tenant is `null`, like an unknown one.
   */
  get(tenantId: string, ids: readonly string[], call: StoreCall): Promise<readonly (Entry | null)[]>;

  /**
   * Returns a page of entries.
   *
   * - S10 The order is total and stable. Following the position neither skips nor repeats an entry that was committed at
   *   the start. Unless `rawChars` is 0, a page ends before an entry whose raw event does not fit, instead of leaving
   *   that raw event out.
   */
  list(query: EntryQuery, call: StoreCall): Promise<EntryPage>;

  /** S11 Returns totals that equal the fold over the counted events, digit for digit. Core computes averages. */
  aggregate(query: AggregateQuery, call: StoreCall): Promise<readonly AggregateRow[]>;

  /** Resolves if the store can take an insert now. */
  ping(call: StoreCall): Promise<void>;

  /** S12 Closes only what the store itself opened. Idempotent. */
  close(): Promise<void>;
}

/** One replay: the record to count in place of a parked event. */
export interface Replay {
  readonly parkedId: string;
  /** Has the tenant of the parked event. Its time of receipt is that of the replay. */
  readonly record: EventRecord;
}

/** One past replay of a parked event: an item of its replay history. */
export interface ReplayAttempt {
  readonly parkedId: string;
  /** Unique to this replay. The receipt id of the record, if there was one. 32 hex digits. */
  readonly replayId: string;
  /** UTC, milliseconds. */
  readonly at: string;
  readonly outcome: "processed" | "duplicate" | "conflict" | "rejected";
  /** The id of the event that was counted, or that holds the identity. */
  readonly eventId: string | null;
  /** The codes of the issues. */
  readonly reasons: readonly string[];
}

/** The result of one replay. */
export type ReplayOutcome =
  | { readonly outcome: "inserted" }
  | ({ readonly outcome: "taken" } & Holder)
  /** The parked event was resolved earlier: by `attempt`, or, if that is `null`, by a resend. Nothing was done. */
  | { readonly outcome: "settled"; readonly attempt: ReplayAttempt | null }
  /** No parked event has this id. */
  | { readonly outcome: "unknown" };

/** Query of `ReplayStore.reasons`. An absent member does not filter. Only unresolved events are counted. */
export interface ReasonQuery {
  readonly tenantId: string;
  readonly clientId?: string;
  /** Only events that a caller bound to this client may see, by the rule of `isVisibleTo`. */
  readonly visibleTo?: string;
  readonly metric?: string;
  readonly statuses: readonly ParkedStatus[];
  readonly from?: string;
  readonly to?: string;
  /** Group limit. The largest groups are returned first. */
  readonly limit: number;
}

/** The parked events that have status and reasons in common. */
export interface ReasonCount {
  readonly status: ParkedStatus;
  /** As {@link reasonsOf} returns them. */
  readonly reasons: readonly string[];
  readonly count: number;
  /** UTC, milliseconds. */
  readonly firstReceivedAt: string;
  /** UTC, milliseconds. */
  readonly lastAttemptAt: string;
}

/** A store whose parked events can be replayed. Errors are those of {@link Store}. */
export interface ReplayStore extends Store {
  /** S16 Counts unresolved parked events by status and reasons. */
  reasons(query: ReasonQuery, call: StoreCall): Promise<readonly ReasonCount[]>;

  /**
   * S17 Does what `insert` does for each record, but only if its parked event is unresolved. Winning the claim resolves
   * the parked event and records a `processed` attempt in the same instant. Of all replays of one parked event, with any
   * content, at most one counts. A parked event occurs once in a call. A record whose identity is taken changes nothing.
   * Replays that share an insert succeed or fail together. Repeated after a failure, the call does the rest.
   */
  replay(replays: readonly Replay[], call: StoreCall): Promise<readonly ReplayOutcome[]>;

  /**
   * S18 Stores attempts. Storing the same attempt again changes nothing. A `duplicate` resolves its parked event; the
   * other outcomes leave it unresolved.
   */
  note(tenantId: string, attempts: readonly ReplayAttempt[], call: StoreCall): Promise<void>;

  /**
   * S18 Returns the attempts of a parked event, or those by which an event was counted, the earliest first. If there are
   * more than {@link MOST_ATTEMPTS}, it returns one that counted the event and the latest others.
   */
  history(tenantId: string, id: string, call: StoreCall): Promise<readonly ReplayAttempt[]>;
}

import type { Entry, EntryStatus, IdentifiedBy, ParkedEvent, ParkedStatus, StoredEvent } from "./event.js";

/** What every call to a store carries. */
export interface StoreCall {
  /** Fires when the answer is no longer awaited: give up, free what is held, reject with `EVT_STORE_UNAVAILABLE`. */
  readonly signal: AbortSignal;
  /**
   * For `holders`, `get` and `list`: how much raw text the call may return, in characters (a store may count bytes of
   * UTF-8, which are never fewer). The first raw text is returned however long it is. One that does not fit is left out,
   * and so are all after it: `rawJson` is `null` and `rawOmitted` is `true`. 0: no raw text is read at all. Absent: no limit.
   */
  readonly rawChars?: number;
}

/** An event on its way into the store: canonical, identified, never to be changed. Hashes are 64 hex digits. */
export interface EventRecord {
  readonly tenantId: string;
  /**
   * What is claimed; unique in its tenant while the claim stands. It follows from what identifies the event, so equal
   * identities come with equal `identifiedBy`, and with equal keys (by `key`), timestamps (by `content`) or times of
   * receipt (by `receipt`): a store may arrange claims by these.
   */
  readonly identity: string;
  /** The event's own id: the identity, except where claims lapse. */
  readonly id: string;
  readonly fingerprint: string;
  readonly identifiedBy: IdentifiedBy;
  /** Unique to this record of this call: by it a retry recognises its own row. 32 hex digits. */
  readonly receiptId: string;
  /** UTC, milliseconds. */
  readonly receivedAt: string;
  /** The instant at which the claim is free again; `null`: never. */
  readonly lapsesAt: string | null;
  readonly clientId: string;
  readonly metric: string;
  readonly amount: string;
  readonly timestamp: string;
  readonly idempotencyKey: string | null;
  /** Well-formed Unicode; lone surrogates and NUL only as escapes. */
  readonly rawJson: string | null;
}

/** Who holds an identity. */
export interface Claim {
  /** The id of the event that took it. */
  readonly id: string;
  readonly receiptId: string;
  readonly receivedAt: string;
  readonly fingerprint: string;
}

/** A claim and its event: `null` where that was pruned; its claim outlives it. */
export interface Holder {
  readonly claim: Claim;
  readonly event: StoredEvent | null;
}

export type InsertOutcome = { readonly outcome: "inserted" } | ({ readonly outcome: "taken" } & Holder);

/** A place in the list: the entry after which a page begins. */
export interface EntryPosition {
  readonly receivedAt: string;
  readonly id: string;
}

/** Absent members do not filter. */
export interface EntryQuery {
  readonly tenantId: string;
  readonly clientId?: string;
  /** Only what a caller bound to this client may see, as `isVisibleTo` says. */
  readonly visibleTo?: string;
  readonly metric?: string;
  /** At least one. A resolved failure is in none of them. */
  readonly statuses: readonly EntryStatus[];
  /** Only parked events that have this among their reasons, as `reasonsOf` gives them. */
  readonly reason?: string;
  /** By event time, `from ≤ t < to`; an entry without a readable timestamp goes by its receipt. */
  readonly from?: string;
  readonly to?: string;
  /** How many entries at most; positive. */
  readonly limit: number;
  readonly after?: EntryPosition;
  /** How many entries to pass over first, without reading their raw texts. @defaultValue 0 */
  readonly skip?: number;
}

/** Latest received first; among equals the greater id first. */
export interface EntryPage {
  readonly entries: readonly Entry[];
  /** Whether entries follow after the last one. */
  readonly more: boolean;
}

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
   * The instants at which buckets begin, ascending; the first is `from`, and `to` ends the last.
   * Absent: one bucket. Present: `from` and `to` are, too.
   */
  readonly buckets?: readonly string[];
  /** How many rows at most; of more, any `limit` of them are returned. Core asks for one more than it allows. */
  readonly limit: number;
}

/** One group. Groups without events are left out. Decimals are canonical. */
export interface AggregateRow {
  /** Index into `buckets`; 0 where there are none. */
  readonly bucket: number;
  /** `null` where not grouped by it. */
  readonly clientId: string | null;
  readonly metric: string | null;
  readonly count: number;
  readonly sum: string;
  readonly min: string;
  readonly max: string;
}

/**
 * Where events live. Every obligation has a number, and `@evt/store-conformance` a test of that number.
 *
 * Values arrive validated and canonical; nothing else is ever passed in. Instants come from the caller: a store
 * reads no clock, except as S7 allows. A store rejects only with an `EvtError`: `EVT_STORE_UNAVAILABLE` (fate unknown),
 * `EVT_STORE_CONTENDED` (nothing stored, try again), `EVT_RECORD_REFUSED` (nothing stored, one record never will
 * be), `EVT_SCHEMA_OUTDATED` (nothing stored, an operator has to act); anything else is taken for a defect.
 */
export interface Store {
  /**
   * Claims each record's identity and stores the event, or leaves a taken one untouched.
   *
   * - S1 All or nothing.
   * - S2 Of any concurrent inserts of one identity exactly one wins.
   * - S3 Outcome i answers record i. Where an identity occurs more than once in a call, its first record decides:
   *   the others are answered with whoever holds the claim then.
   * - S4 A taken identity yields who took it, and the event unless it was pruned. A raw text that is not the record's own
   *   may be left out (`rawOmitted`): inserts are shared, and must not wait for large raw texts.
   * - S5a What was inserted is visible to every later call; S5b in a durable store also after a reopen.
   * - S6 Totals move in the same instant.
   * - S7 A claim with `lapsesAt ≤ receivedAt` of the newcomer is free; the earlier event stays counted. Hosts that
   *   share a store may have clocks that differ: such a store should go by a clock of its own, by which a claim lasts for
   *   `lapsesAt - receivedAt` from when it is taken, here and in `park` and `holders`. By that clock, too, a record that is
   *   tried again does not take over its own claim.
   * - S8 Parked failures of the same identity and fingerprint are resolved in the same instant, by an insert that
   *   wins as by one that finds the identity taken with that fingerprint.
   * - S13 Identities of different tenants never meet.
   */
  insert(records: readonly EventRecord[], call: StoreCall): Promise<readonly InsertOutcome[]>;

  /**
   * Keeps what was not counted.
   *
   * - S9 The same (tenant, id) again counts an attempt and takes over `lastAttemptAt`, `error` and `resolvedAt: null`;
   *   its `receivedAt` never moves. A failure whose identity and fingerprint already stand counted (by a claim that
   *   had not lapsed at this attempt) is resolved as it is parked. `attempts` of the argument is 1 and ignored.
   *   A conflict or rejection settles the failures of its identity and fingerprint: open ones are resolved in the same
   *   instant, later ones as they are parked. Where `window` identifies them, only those whose last attempt was no later
   *   than its own: the same content may be another event by then. A rejection without identity resolves the open failures
   *   of the same raw text, `vouchedClientId` and `givenKey`, as far as these were kept.
   */
  park(events: readonly ParkedEvent[], call: StoreCall): Promise<void>;

  /**
   * S15 Answer i says who holds the identity of record i, as an insert of it alone would find now; `null` where it
   * would win. Nothing is written, and records of one call do not meet.
   *
   * S19 Here as in `get` and `list`, raw texts go no further than `rawChars`, in the order of the results.
   */
  holders(records: readonly EventRecord[], call: StoreCall): Promise<readonly (Holder | null)[]>;

  /**
   * Entry i answers id i: the counted or parked event of that id.
   * S14 Ids of another tenant are `null`, as unknown ones are.
   */
  get(tenantId: string, ids: readonly string[], call: StoreCall): Promise<readonly (Entry | null)[]>;

  /**
   * S10 Total, stable order; following the position skips and repeats nothing that was committed at the start. Unless
   * `rawChars` is 0, a page ends before an entry whose raw text does not fit, instead of leaving it out.
   */
  list(query: EntryQuery, call: StoreCall): Promise<EntryPage>;

  /** S11 Equal to the fold over the counted events, digit for digit. No averages: core divides. */
  aggregate(query: AggregateQuery, call: StoreCall): Promise<readonly AggregateRow[]>;

  /** Resolves when the store can take an insert now. */
  ping(call: StoreCall): Promise<void>;

  /** S12 Idempotent; closes only what the store itself opened. */
  close(): Promise<void>;
}

/** What a mended event is to be counted as, in place of what lies parked. */
export interface Replay {
  readonly parkedId: string;
  /** Its tenant is that of the parked event; its time of receipt is that of the replay. */
  readonly record: EventRecord;
}

/** What became of a parked event when it was replayed. */
export interface ReplayAttempt {
  readonly parkedId: string;
  /** Unique to this attempt; the receipt id of the record where there was one. 32 hex digits. */
  readonly replayId: string;
  /** UTC, milliseconds. */
  readonly at: string;
  readonly outcome: "processed" | "duplicate" | "conflict" | "rejected";
  /** The event that counts it, or that holds its key. */
  readonly eventId: string | null;
  /** The codes of what was wrong. */
  readonly reasons: readonly string[];
}

export type ReplayOutcome =
  | { readonly outcome: "inserted" }
  | ({ readonly outcome: "taken" } & Holder)
  /** Resolved before: by that attempt, or, without one, by a resend. Nothing was done. */
  | { readonly outcome: "settled"; readonly attempt: ReplayAttempt | null }
  /** Nothing lies parked under that id. */
  | { readonly outcome: "unknown" };

/** Absent members do not filter; only what is open. */
export interface ReasonQuery {
  readonly tenantId: string;
  readonly clientId?: string;
  /** Only what a caller bound to this client may see, as `isVisibleTo` says. */
  readonly visibleTo?: string;
  readonly metric?: string;
  readonly statuses: readonly ParkedStatus[];
  readonly from?: string;
  readonly to?: string;
  /** How many groups at most, the largest first. */
  readonly limit: number;
}

/** Parked events that have status and reasons in common. */
export interface ReasonCount {
  readonly status: ParkedStatus;
  /** As {@link reasonsOf} gives them. */
  readonly reasons: readonly string[];
  readonly count: number;
  /** UTC, milliseconds. */
  readonly firstReceivedAt: string;
  readonly lastAttemptAt: string;
}

/** What a store does beyond the seam where parked events can be replayed from it. Errors are as those of {@link Store}. */
export interface ReplayStore extends Store {
  /** S16 Counts open parked events by status and reasons. */
  reasons(query: ReasonQuery, call: StoreCall): Promise<readonly ReasonCount[]>;

  /**
   * S17 As `insert` for each record, but only where its parked event is open: winning its claim resolves it and notes a
   * `processed` attempt in the same instant, so of any replays of one parked event, with whatever content, one at most
   * counts. No parked event stands twice in a call. A record that finds its identity taken leaves everything as it is.
   * All or nothing of those that share an insert; repeated after any failure, it does what is left.
   */
  replay(replays: readonly Replay[], call: StoreCall): Promise<readonly ReplayOutcome[]>;

  /** S18 Keeps attempts; the same again changes nothing. A `duplicate` resolves its parked event, the others leave it open. */
  note(tenantId: string, attempts: readonly ReplayAttempt[], call: StoreCall): Promise<void>;

  /**
   * S18 The attempts of a parked event, or those by which an event came to be counted; earliest first. Of more than
   * {@link MOST_ATTEMPTS}, one that counted the event and the latest others.
   */
  history(tenantId: string, id: string, call: StoreCall): Promise<readonly ReplayAttempt[]>;
}

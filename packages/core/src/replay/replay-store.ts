import type { ParkedEvent, ParkedStatus } from "../event.js";
import type { EventRecord, Holder, Store, StoreCall } from "../store.js";

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

/** The codes by which parked events are grouped and filtered: of the issues, each once; of a failure its error's. */
export function reasonsOf({ issues, error }: Pick<ParkedEvent, "issues" | "error">): readonly string[] {
  const codes = new Set<string>(issues.map(({ code }) => code));
  if (error !== null) codes.add(error.code);
  return [...codes];
}

/** How many attempts a history has at most. */
export const MOST_ATTEMPTS = 1_000;

const METHODS: readonly (keyof ReplayStore)[] = ["reasons", "replay", "note", "history"];

export function isReplayStore(store: Store): store is ReplayStore {
  return METHODS.every((method) => typeof (store as ReplayStore)[method] === "function");
}

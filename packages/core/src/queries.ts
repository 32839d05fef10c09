import type { Entry, EntryStatus, ParkedStatus } from "./event.js";

/** An instant: an ISO 8601 text (a bare date is that day's start), or a `Date`. */
export type Instant = string | Date;

export interface ListQuery {
  readonly clientId?: string;
  readonly metric?: string;
  /** One or several; default: all of them. */
  readonly status?: EntryStatus | readonly EntryStatus[];
  /** A code of an issue, or of a failure's error: then only parked events are listed that have it. */
  readonly reason?: string;
  /** By event time, `from ≤ t < to`. A bare date as `to` is the end of that day. */
  readonly from?: Instant;
  readonly to?: Instant;
  /** The zone of bare dates and of instants without an offset. @defaultValue "UTC" */
  readonly timeZone?: string;
  /**
   * Page size, 1 to 1,000; more is refused, not clamped. A page ends earlier where its raw events would exceed
   * `limits.rawChars`; it has at least one entry. @defaultValue 100
   */
  readonly limit?: number;
  /** Whether entries come with their raw events; with `false` none is read, and each that has one is `rawOmitted`. @defaultValue true */
  readonly raw?: boolean;
  /** `nextCursor` of the page before, with the same filter. */
  readonly cursor?: string;
  /** Leaves out that many, 0 to 10,000: for people; a cursor is the way to walk far. */
  readonly skip?: number;
}

export interface ListPage {
  readonly entries: readonly Entry[];
  /** For the page after; `null` on the last one. */
  readonly nextCursor: string | null;
}

export type GroupKey = "clientId" | "metric";
export type Interval = "hour" | "day" | "week" | "month";

export interface AggregationQuery {
  readonly clientId?: string;
  readonly metric?: string;
  /** By event time, `from ≤ t < to`. A bare date as `to` is the end of that day. */
  readonly from?: Instant;
  readonly to?: Instant;
  readonly groupBy?: readonly GroupKey[];
  /** Needs `from` and `to`. Weeks begin on Monday. */
  readonly interval?: Interval;
  /** IANA zone of buckets and bare dates. @defaultValue "UTC" */
  readonly timeZone?: string;
}

/** Rows come sorted by bucket, clientId, metric. Without grouping and interval there is always one. */
export interface Aggregation {
  readonly groupBy: readonly GroupKey[];
  readonly interval: Interval | null;
  readonly timeZone: string;
  readonly rows: readonly AggregationRow[];
}

/** Decimals are texts. All exact but `average`: at most 20 significant digits, rounded half to even. */
export interface AggregationRow {
  /** With an interval: the bucket's start, with the zone's offset. */
  readonly bucket?: string;
  /** Where grouped by it. */
  readonly clientId?: string;
  readonly metric?: string;
  readonly count: number;
  readonly sum: string;
  /** `null` where nothing was counted, like `min` and `max`. */
  readonly average: string | null;
  readonly min: string | null;
  readonly max: string | null;
}

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

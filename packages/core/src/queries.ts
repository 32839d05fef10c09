import type { DimensionFilter, DimensionKey, Entry, EntryStatus, ParkedStatus } from "./event.js";

/**
 * An instant: a `Date`, or a string such as `2024-01-15T10:30:00Z` or `2024-01-15`. A string is read like a timestamp of
 * an event. At the start of a range, a date without a time means the start of that day.
 */
export type Instant = string | Date;

/** Query of `list`. Members combine with AND. An absent member does not filter. Resolved events are never listed. */
export interface ListQuery {
  readonly clientId?: string | undefined;
  readonly metric?: string | undefined;
  /** With `null`: only events without a unit. */
  readonly unit?: string | null | undefined;
  /** Only events whose dimensions have these values. `null`: only events that do not have this dimension. */
  readonly dimensions?: DimensionFilter | undefined;
  /** One status or several. @defaultValue all four */
  readonly status?: EntryStatus | readonly EntryStatus[] | undefined;
  /** Selects parked events with this code: the code of an issue, or of the error of a failed event. */
  readonly reason?: string | undefined;
  /**
   * Start of the range of event times, inclusive. A parked event without a readable timestamp is filtered by its receive
   * time.
   */
  readonly from?: Instant | undefined;
  /** End of the range, exclusive. A date without a time includes that whole day. */
  readonly to?: Instant | undefined;
  /** IANA zone of dates without a time, and of times without an offset. @defaultValue "UTC" */
  readonly timeZone?: string | undefined;
  /**
   * Page size, 1 to 1,000. A value outside this range is refused, not clamped. A page ends early if a further raw event
   * would exceed `limits.rawChars`. The first entry is always included.
   * @defaultValue 100
   */
  readonly limit?: number | undefined;
  /**
   * Whether entries include their raw events. With `false`, the call reads no raw events, and each entry that has a raw
   * event is marked `rawOmitted`.
   * @defaultValue true
   */
  readonly raw?: boolean | undefined;
  /** `nextCursor` of the previous page. The filter must be the same. */
  readonly cursor?: string | undefined;
  /**
   * Number of entries to skip, 0 to 10,000. Intended for page numbers in a user interface. A program should use `cursor`.
   * @defaultValue 0
   */
  readonly skip?: number | undefined;
}

/** One page of entries, the latest received first. */
export interface ListPage {
  readonly entries: readonly Entry[];
  /** Pass this string as `cursor` to get the next page. `null` on the last page. */
  readonly nextCursor: string | null;
}

/** A field or dimension by which totals can be grouped. Totals are always separate for each unit. */
export type GroupKey = "clientId" | "metric" | DimensionKey;
/** The length of a time bucket. Weeks begin on Monday. */
export type Interval = "hour" | "day" | "week" | "month";

/** A value by which the rows of `aggregate` can be ordered. An average is not exact, so it is not among them. */
export type OrderBy = "count" | "sum" | "min" | "max" | "bucket" | GroupKey;
/** The direction of an order. */
export type SortDirection = "asc" | "desc";

/** The data of totals: stored totals (`rollups`), or the single events. Both are exact. Events take longer. */
export type TotalsSource = "events" | "rollups";

/** Query of `aggregate`. Members combine with AND. An absent member does not filter. */
export interface AggregationQuery {
  readonly clientId?: string | undefined;
  readonly metric?: string | undefined;
  /** With `null`: only events without a unit. */
  readonly unit?: string | null | undefined;
  /** Only events whose dimensions have these values. `null`: only events that do not have this dimension. */
  readonly dimensions?: DimensionFilter | undefined;
  /** Start of the range of event times, inclusive. */
  readonly from?: Instant | undefined;
  /** End of the range, exclusive. A date without a time includes that whole day. */
  readonly to?: Instant | undefined;
  /** @defaultValue none: one total */
  readonly groupBy?: readonly GroupKey[] | undefined;
  /** Splits the range into buckets. Requires `from` and `to`. */
  readonly interval?: Interval | undefined;
  /** IANA zone of buckets, of dates without a time, and of times without an offset. @defaultValue "UTC" */
  readonly timeZone?: string | undefined;
  /**
   * The value by which rows are sorted. A key of `groupBy` is allowed, and `bucket` with an `interval`. Rows with equal
   * values are sorted by bucket, client, metric, dimensions and unit, ascending.
   * @defaultValue `bucket` with an `interval`; without one, `clientId` if the query groups by it, else `metric`
   */
  readonly orderBy?: OrderBy | undefined;
  /** The direction of `orderBy`. @defaultValue "desc" for `count`, `sum`, `min` and `max`, otherwise "asc" */
  readonly direction?: SortDirection | undefined;
  /**
   * Page size, from 1 to `limits.aggregationRows` (10,000 by default). Without a limit, a result with more rows than
   * `limits.aggregationRows` is refused with `EVT_TOO_WIDE`.
   * @defaultValue none: all rows
   */
  readonly limit?: number | undefined;
  /**
   * `nextCursor` of the previous page. Requires a `limit`. All other members except `limit` must be the same. The page
   * begins after the last row of the previous page, at the value that this row had. A group whose total changes between
   * two pages may therefore be on both pages or on neither. If the rows are sorted by a key, each group that exists
   * before the first page is on exactly one page.
   */
  readonly cursor?: string | undefined;
}

/**
 * The result of `aggregate`. Rows are sorted by `orderBy`, then by bucket, client, metric, dimensions and unit. Strings are
 * sorted by code point, and `null` comes first. A group without events has no row. Without `groupBy` and `interval`, there
 * is one row for each unit, or one row in all if nothing was counted.
 */
export interface Aggregation {
  readonly groupBy: readonly GroupKey[];
  readonly interval: Interval | null;
  readonly timeZone: string;
  /**
   * The data from which the store computed the totals. Both are exact. `events` takes longer, because the store reads each
   * event of the range. Absent if the store does not report it.
   */
  readonly answeredFrom?: TotalsSource;
  readonly rows: readonly AggregationRow[];
  /** Pass this string as `cursor` to get the next page. `null` on the last page, and without a `limit`. */
  readonly nextCursor: string | null;
}

/** The total of one group. Decimals are numeric strings. All values except `average` are exact. */
export interface AggregationRow {
  /** Present if the query has an `interval`: the local start of the bucket, with its offset from UTC. */
  readonly bucket?: string;
  /** Present if the query groups by this field. */
  readonly clientId?: string;
  /** Present if the query groups by this field. */
  readonly metric?: string;
  /** The unit of the amounts. `null` for the total of events without a unit. */
  readonly unit: string | null;
  /** Present if the query groups by dimensions: their values. `null` for events without the dimension. */
  readonly dimensions?: Readonly<Record<string, string | null>>;
  readonly count: number;
  readonly sum: string;
  /** Rounded half to even, to 20 significant digits. `null` if nothing was counted. */
  readonly average: string | null;
  /** `null` if nothing was counted. */
  readonly min: string | null;
  /** `null` if nothing was counted. */
  readonly max: string | null;
}

/** Query of `clients`. Members combine with AND. An absent member does not filter. */
export interface ClientsQuery {
  /** Selects names that begin with exactly this string. Case and whitespace count. */
  readonly prefix?: string | undefined;
  /** Page size, 1 to 1,000. A value outside this range is refused, not clamped. @defaultValue 100 */
  readonly limit?: number | undefined;
  /** `nextCursor` of the previous page. All other members except `limit` must be the same. */
  readonly cursor?: string | undefined;
}

/** Query of `metrics`. Members combine with AND. An absent member does not filter. */
export interface MetricsQuery extends ClientsQuery {
  /** Selects the metrics of this client's counted events. */
  readonly clientId?: string | undefined;
}

/** The event times of a client or a metric, to the quarter hour. */
export interface SeenTimes {
  /** Start of the quarter hour (UTC) of the earliest counted event, by event time. UTC, milliseconds. */
  readonly firstSeenAt: string;
  /** Start of the quarter hour (UTC) of the latest counted event, by event time. UTC, milliseconds. */
  readonly lastSeenAt: string;
}

/** A client with counted events. */
export interface SeenClient extends SeenTimes {
  readonly clientId: string;
}

/** A metric with counted events. */
export interface SeenMetric extends SeenTimes {
  readonly metric: string;
}

/** One page of clients, sorted by code point. */
export interface ClientsPage {
  readonly clients: readonly SeenClient[];
  /** Pass this string as `cursor` to get the next page. `null` on the last page. */
  readonly nextCursor: string | null;
}

/** One page of metrics, sorted by code point. */
export interface MetricsPage {
  readonly metrics: readonly SeenMetric[];
  /** Pass this string as `cursor` to get the next page. `null` on the last page. */
  readonly nextCursor: string | null;
}

/**
 * Selects unresolved parked events. Members combine with AND. An absent member does not filter. Members compare the values
 * that evt read when the event was parked. A value that could not be read is `null`.
 */
export interface ParkedFilter {
  readonly clientId?: string | undefined;
  readonly metric?: string | undefined;
  /** With `null`: only events without a readable unit. */
  readonly unit?: string | null | undefined;
  /** Only events whose dimensions have these values. `null`: only events for which this dimension was not read. */
  readonly dimensions?: DimensionFilter | undefined;
  /** One status or several. @defaultValue all three */
  readonly status?: ParkedStatus | readonly ParkedStatus[] | undefined;
  /** The code of an issue, or of the error of a failed event. */
  readonly reason?: string | undefined;
  /**
   * Start of the range of event times, inclusive. An event without a readable timestamp is filtered by its receive time.
   */
  readonly from?: Instant | undefined;
  /** End of the range, exclusive. A date without a time includes that whole day. */
  readonly to?: Instant | undefined;
  /** IANA zone of dates without a time, and of times without an offset. @defaultValue "UTC" */
  readonly timeZone?: string | undefined;
}

/**
 * Query of `replayPage`: the parked events to replay, the latest received first. The query needs at least one filter, or
 * `all: true`.
 */
export interface ReplayQuery extends ParkedFilter {
  /** Allows a query without a filter. Such a query replays every unresolved parked event. */
  readonly all?: true | undefined;
  /**
   * Number of events to replay in this call, 1 to 1,000. Fewer are replayed if `timeoutMs` passes first.
   * @defaultValue 1,000
   */
  readonly limit?: number | undefined;
  /**
   * `nextCursor` of the previous call. The filter must be the same. An event that this replay could not count is not
   * tried again on later pages.
   */
  readonly cursor?: string | undefined;
}

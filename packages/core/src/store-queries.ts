import type { DimensionFilter, Entry, EntryStatus } from "./event.js";
import type { OrderBy, SortDirection } from "./queries.js";

/** A position in a list of entries. The next page begins after the entry at this position. */
export interface EntryPosition {
  readonly receivedAt: string;
  readonly id: string;
}

/** The entries that a query selects. An absent member does not filter. */
export interface EntrySelection {
  readonly tenantId: string;
  readonly clientId?: string;
  /** Only entries that a caller bound to this client may see, by the rule of `isVisibleTo`. */
  readonly visibleTo?: string;
  readonly metric?: string;
  /** With `null`: only entries without a unit. */
  readonly unit?: string | null;
  /** Only entries whose dimensions have these values. `null`: only entries that do not have this dimension. */
  readonly dimensions?: DimensionFilter;
  /** The range of event times: `from ≤ t < to`. An entry without a readable timestamp is filtered by its receive time. */
  readonly from?: string;
  readonly to?: string;
}

/** Query of `Store.list`. */
export interface EntryQuery extends EntrySelection {
  /** Never empty. A resolved event matches no status, so it is never listed. */
  readonly statuses: readonly EntryStatus[];
  /** Only parked events with this reason, as `reasonsOf` returns them. */
  readonly reason?: string;
  /** Page size; positive. */
  readonly limit: number;
  readonly after?: EntryPosition;
  /** The number of entries to skip. The store does not read the raw events of skipped entries. @defaultValue 0 */
  readonly skip?: number;
}

/**
 * A page of entries, the latest received first. Entries with equal receive times are sorted by id, the greatest first.
 */
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
  /** With `null`: only events without a unit. */
  readonly unit?: string | null;
  /** Only events whose dimensions have these values. */
  readonly dimensions?: DimensionFilter;
  /** The range of event times: `from ≤ t < to`. */
  readonly from?: string;
  readonly to?: string;
  readonly byClientId: boolean;
  readonly byMetric: boolean;
  /** The names of the dimensions to group by. @defaultValue none */
  readonly byDimensions?: readonly string[];
  /**
   * The instants at which buckets begin, ascending. The first instant is `from`, and the last bucket ends at `to`. If
   * `buckets` is absent, there is one bucket. If `buckets` is present, so are `from` and `to`.
   */
  readonly buckets?: readonly string[];
  /**
   * Maximum number of rows. If there are more, the store returns the first `limit` rows by `order`, or any `limit` rows
   * without `order`. Core passes its own limit plus one, so that it can detect further rows.
   */
  readonly limit: number;
  /** The order of rows. If it is absent, rows are in any order. */
  readonly order?: AggregateOrder;
  /** Only rows after this position. If it is present, so is `order`. */
  readonly after?: AggregatePosition;
}

/**
 * The order of rows: by one value, then by `bucket`, `clientId`, `metric`, the dimensions and `unit`, always ascending.
 * Counts and amounts are compared as exact numbers, strings by code point. `null` comes first.
 */
export interface AggregateOrder {
  /** A key only if the query groups by it. */
  readonly by: OrderBy;
  /** The direction of `by`. */
  readonly direction: SortDirection;
}

/** A position in ordered totals. The next page begins after this group. Its total may have changed in the meantime. */
export interface AggregatePosition
  extends Pick<AggregateRow, "bucket" | "clientId" | "metric" | "unit" | "dimensions"> {
  /** The value of `order.by` that the group had: a canonical decimal. `null` if the order is by a key. */
  readonly value: string | null;
}

/**
 * The total of one group and one unit. A store never adds up amounts of different units. A group without events has no
 * row. Decimals are canonical.
 */
export interface AggregateRow {
  /** Index into `buckets`. 0 without buckets. */
  readonly bucket: number;
  /** `null` if the query does not group by this field. */
  readonly clientId: string | null;
  /** `null` if the query does not group by this field. */
  readonly metric: string | null;
  /** `null` for the total of events without a unit. */
  readonly unit: string | null;
  /** The values of `byDimensions`, in its order. `null` for events without the dimension. @defaultValue [] */
  readonly dimensions?: readonly (string | null)[];
  readonly count: number;
  readonly sum: string;
  readonly min: string;
  readonly max: string;
}

/** Query of `Store.names`. An absent member does not filter. */
export interface NameQuery {
  readonly tenantId: string;
  /** Whether the names are clients or metrics. */
  readonly of: "clientId" | "metric";
  /** Only names of counted events of this client. */
  readonly clientId?: string;
  /** Only names that begin with exactly this string. Never empty. */
  readonly prefix?: string;
  /** Only names after this one. */
  readonly after?: string;
  /** Maximum number of names. Core passes its own limit plus one, so that it can detect further names. */
  readonly limit: number;
}

/** A client or a metric of counted events. The times are event times. */
export interface SeenName {
  readonly name: string;
  /** Start of the quarter hour (UTC) of the earliest counted event with this name. UTC, milliseconds. */
  readonly firstSeenAt: string;
  /** Start of the quarter hour (UTC) of the latest counted event with this name. UTC, milliseconds. */
  readonly lastSeenAt: string;
}

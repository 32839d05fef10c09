export type GroupBy = "none" | "clientId" | "metric" | "both";
export type Interval = "hour" | "day" | "week" | "month";

/** One row of totals. Decimals are strings. All are exact except `average`. */
export interface AggregationRow {
  readonly bucket?: string;
  readonly clientId?: string;
  readonly metric?: string;
  /** The unit of the amounts. Each unit of a group has its own row. */
  readonly unit: string | null;
  readonly count: number;
  readonly sum: string;
  readonly average: string | null;
  readonly min: string | null;
  readonly max: string | null;
}

export interface Aggregation {
  readonly groupBy: GroupBy;
  readonly interval: Interval | null;
  readonly timeZone: string;
  readonly rows: readonly AggregationRow[];
}

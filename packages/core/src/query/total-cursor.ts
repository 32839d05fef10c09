import { isWellFormed } from "../normalize/text.js";
import type { AggregateOrder, AggregatePosition, AggregateQuery } from "../store.js";
import { opened, sealed } from "./cursor-seal.js";
import { isMeasure } from "./total-order.js";

/** The members of a query that select and order groups. They must be the same for every page. */
export interface TotalsFilter extends Omit<AggregateQuery, "buckets" | "limit" | "order" | "after"> {
  readonly order: AggregateOrder;
  /** Number of buckets. 1 without an interval. */
  readonly bucketCount: number;
  readonly interval: string | null;
  readonly timeZone: string;
}

/** A canonical decimal. A count or sum is shorter than 100 digits. */
const DECIMAL = /^-?\d{1,100}(?:\.\d{1,18})?$/;

/** Returns a cursor: an opaque string for a position in ordered totals. It is valid only with the same query. */
export function encodeTotalCursor(position: AggregatePosition, filter: TotalsFilter): string {
  const { bucket, clientId, metric, value, unit, dimensions = [] } = position;
  return sealed(JSON.stringify([bucket, clientId, metric, value, unit, dimensions]), {
    ...filter,
    position: { ...position },
  });
}

/** @throws EvtError `EVT_INVALID_QUERY` if the cursor is not valid, or was created for a different query */
export function decodeTotalCursor(cursor: unknown, filter: TotalsFilter): AggregatePosition {
  const encode = (position: AggregatePosition) => encodeTotalCursor(position, filter);
  return opened(cursor, { read: (text) => positionIn(text, filter), encode, belongsTo: "query" });
}

/** Reads a position that any store can compare with the rows of this query. */
function positionIn(text: string, filter: TotalsFilter): AggregatePosition | undefined {
  const parts = parsed(text);
  if (!Array.isArray(parts) || parts.length !== 6) return undefined;
  const [bucket, clientId, metric, value, unit, dimensions] = parts as unknown[];
  if (!isBucket(bucket, filter)) return undefined;
  if (!isKey(clientId, filter.byClientId) || !isKey(metric, filter.byMetric)) return undefined;
  if (!isStringOrNull(unit) || !isValue(value, filter.order)) return undefined;
  const position = { bucket, clientId, metric, unit, value };
  const { byDimensions = [] } = filter;
  if (!Array.isArray(dimensions) || dimensions.length !== byDimensions.length) return undefined;
  if (!dimensions.every(isStringOrNull)) return undefined;
  return byDimensions.length === 0 ? position : { ...position, dimensions };
}

function isStringOrNull(value: unknown): value is string | null {
  return value === null || (typeof value === "string" && isWellFormed(value));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isBucket(bucket: unknown, { bucketCount }: TotalsFilter): bucket is number {
  return Number.isSafeInteger(bucket) && (bucket as number) >= 0 && (bucket as number) < bucketCount;
}

function isKey(key: unknown, isGrouped: boolean): key is string | null {
  return isGrouped ? typeof key === "string" && isWellFormed(key) : key === null;
}

function isValue(value: unknown, { by }: AggregateOrder): value is string | null {
  return isMeasure(by) ? typeof value === "string" && DECIMAL.test(value) : value === null;
}

import type { DimensionKey } from "../event.js";
import type { AggregationQuery, GroupKey, Interval, OrderBy, SortDirection } from "../queries.js";
import { quoted } from "../quoted.js";
import type { AggregateOrder, AggregatePosition, AggregateQuery } from "../store.js";
import { checkedInteger, invalid } from "./query-range.js";
import { decodeTotalCursor, type TotalsFilter } from "./total-cursor.js";
import { DIMENSION, isMeasure } from "./total-order.js";

const ORDERS = Object.keys({
  count: true,
  sum: true,
  min: true,
  max: true,
  bucket: true,
  clientId: true,
  metric: true,
} satisfies Record<Exclude<OrderBy, DimensionKey>, true>) as readonly string[];
const DIRECTIONS: readonly SortDirection[] = ["asc", "desc"];

/** Returns the order of rows. @throws EvtError `EVT_INVALID_QUERY` */
export function checkedOrder(
  { orderBy, direction }: Pick<AggregationQuery, "orderBy" | "direction">,
  groupBy: readonly GroupKey[],
  interval: Interval | null,
): AggregateOrder {
  const by = orderBy ?? (interval === null ? groupBy.find(isField) : undefined) ?? "bucket";
  if (orderBy !== undefined) checkOrderBy(orderBy, groupBy, interval);
  if (direction !== undefined && !DIRECTIONS.includes(direction))
    throw invalid("direction", `direction ${quoted(direction)} is unknown; use asc or desc`);
  return { by, direction: direction ?? (isMeasure(by) ? "desc" : "asc") };
}

function isField(key: GroupKey): key is "clientId" | "metric" {
  return !isDimension(key);
}

function checkOrderBy(by: OrderBy, groupBy: readonly GroupKey[], interval: Interval | null): void {
  if (!ORDERS.includes(by) && !isDimension(by))
    throw invalid(
      "orderBy",
      `orderBy ${quoted(by)} is unknown; use one of ${ORDERS.join(", ")}, ${DIMENSION}<name>`,
    );
  if (isMeasure(by)) return;
  if (by === "bucket" && interval === null)
    throw invalid("orderBy", "orderBy bucket needs an interval; add one, or order by another value");
  if (by !== "bucket" && !groupBy.includes(by))
    throw invalid("orderBy", `orderBy ${by} needs groupBy with ${by}; add it, or order by another value`);
}

function isDimension(by: unknown): by is DimensionKey {
  return typeof by === "string" && by.startsWith(DIMENSION);
}

/** One page of ordered totals. */
export interface TotalsPage {
  readonly limit: number;
  readonly after: AggregatePosition | undefined;
}

/**
 * Returns the requested page. Returns `null` if the query has no limit: it then requests all rows.
 * @throws EvtError `EVT_INVALID_QUERY`
 */
export function checkedPage(
  { limit, cursor }: Pick<AggregationQuery, "limit" | "cursor">,
  filter: TotalsFilter,
  maxRows: number,
): TotalsPage | null {
  if (limit === undefined && cursor === undefined) return null;
  if (limit === undefined) throw invalid("cursor", "a cursor needs a limit; pass the limit of the page, too");
  const after = cursor === undefined ? undefined : decodeTotalCursor(cursor, filter);
  return { limit: checkedInteger("limit", limit, 1, maxRows, maxRows), after };
}

/** Returns the members of the store's query for a page. One more row shows whether another page follows. */
export function storePage(
  page: TotalsPage | null,
  order: AggregateOrder,
  maxRows: number,
): Pick<AggregateQuery, "limit" | "order" | "after"> {
  if (page === null) return { limit: maxRows + 1 };
  const { limit, after } = page;
  return { order, limit: limit + 1, ...(after !== undefined && { after }) };
}

import type { ParkedStatus, ReasonCount, ReasonQuery } from "@evt/core/store";
import { Parameters } from "../connection/parameters.js";
import type { PgQuery } from "../connection/pg-pool.js";
import { openParkedFilter } from "../parked/open-parked-filter.js";
import { instant, instantText, text } from "../tables/row-values.js";

/** Returns a query that counts open parked events by status and reasons. */
export function reasonsQuery(schema: string, query: ReasonQuery): PgQuery {
  const parameters = new Parameters();
  const limit = parameters.add(query.limit);
  const sides = query.statuses.map(
    (status) => `select status, reasons, received_at, last_attempt_at from ${schema}.parked
      where ${openParkedFilter(schema, status, query, parameters).join(" and ")}`,
  );
  const text = `
    select status, array_to_json(reasons)::text as reasons, count(*)::text as count,
           ${instantText("min(received_at)")} as first_received_at,
           ${instantText("max(last_attempt_at)")} as last_attempt_at
      from (${sides.join(" union all ")}) as parked
     group by status, parked.reasons
     order by count(*) desc, status collate "C", array_to_string(parked.reasons, ' ') collate "C"
     limit ${limit}::int`;
  return { text, values: parameters.values };
}

/** Converts a row to a reason count. */
export function reasonCount(row: Readonly<Record<string, unknown>>): ReasonCount {
  return {
    status: text(row["status"]) as ParkedStatus,
    reasons: JSON.parse(text(row["reasons"])) as string[],
    count: Number(text(row["count"])),
    firstReceivedAt: instant(row["first_received_at"]),
    lastAttemptAt: instant(row["last_attempt_at"]),
  };
}

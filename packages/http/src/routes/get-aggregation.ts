import type { AggregationQuery, Evt, GroupKey } from "@evt/core";
import type { z } from "zod";
import { elementsJson, joined } from "../responses/json-text.js";
import { totalsCsv } from "../responses/totals-csv.js";
import { acceptedType } from "./accept.js";
import { coreRange } from "./core-range.js";
import type { Endpoint } from "./endpoint.js";
import { csvHeaders } from "./export-events.js";
import { nextLink } from "./next-link.js";
import { aggregationQuery } from "./queries.js";
import { queryReader } from "./read-query.js";

type AggregationParameters = z.output<typeof aggregationQuery>;

const NAMED: ReadonlyMap<string, readonly GroupKey[]> = new Map<string, readonly GroupKey[]>([
  ["none", []],
  ["both", ["clientId", "metric"]],
]);

/** `GET /aggregation`: exact totals of the counted events, as JSON, NDJSON or CSV. */
export function getAggregation(evt: Evt): Endpoint {
  const readQuery = queryReader(aggregationQuery);
  return async (req, { eventsOf, gone, url }) => {
    const parameters = readQuery(url);
    const query = coreQuery(parameters);
    const type = acceptedType(req, ["application/json", "application/x-ndjson", "text/csv"]);
    const { interval, timeZone, answeredFrom, rows, nextCursor } = await eventsOf(evt).aggregate(query, {
      signal: gone(),
    });
    if (type === "application/x-ndjson") {
      const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
      return { status: 200, headers: { "Content-Type": type }, body: lines };
    }
    if (type === "text/csv")
      return {
        status: 200,
        headers: csvHeaders("totals"),
        body: totalsCsv(rows, query.groupBy ?? [], interval),
      };
    const head = JSON.stringify({ groupBy: parameters.groupBy, interval, timeZone, answeredFrom });
    const elements = await elementsJson(rows, (row) => JSON.stringify(row));
    const tail = `],"nextCursor":${JSON.stringify(nextCursor)}}`;
    const body = joined(`${head.slice(0, -1)},"rows":[`, elements, tail);
    return { status: 200, ...nextLink(url, nextCursor), body };
  };
}

function coreQuery({ groupBy, ...rest }: AggregationParameters): AggregationQuery {
  return { ...coreRange(rest), groupBy: NAMED.get(groupBy) ?? (groupBy.split(",") as readonly GroupKey[]) };
}

import type { AggregationQuery, Evt, GroupKey } from "@evt/core";
import type { z } from "zod";
import { elementsJson, joined } from "../responses/json-text.js";
import { coreRange } from "./core-range.js";
import type { Endpoint } from "./endpoint.js";
import { aggregationQuery } from "./queries.js";
import { queryReader } from "./read-query.js";

type AggregationParameters = z.output<typeof aggregationQuery>;

const NAMED: ReadonlyMap<string, readonly GroupKey[]> = new Map<string, readonly GroupKey[]>([
  ["none", []],
  ["both", ["clientId", "metric"]],
]);

/** `GET /aggregation`: exact totals of the counted events. */
export function getAggregation(evt: Evt): Endpoint {
  const readQuery = queryReader(aggregationQuery);
  return async (_req, { eventsOf, gone, url }) => {
    const parameters = readQuery(url);
    const query = coreQuery(parameters);
    const { interval, timeZone, answeredFrom, rows, nextCursor } = await eventsOf(evt).aggregate(query, {
      signal: gone(),
    });
    const head = JSON.stringify({ groupBy: parameters.groupBy, interval, timeZone, answeredFrom });
    const elements = await elementsJson(rows, (row) => JSON.stringify(row));
    const tail = `],"nextCursor":${JSON.stringify(nextCursor)}}`;
    return { status: 200, body: joined(`${head.slice(0, -1)},"rows":[`, elements, tail) };
  };
}

function coreQuery({ groupBy, ...rest }: AggregationParameters): AggregationQuery {
  return { ...coreRange(rest), groupBy: NAMED.get(groupBy) ?? (groupBy.split(",") as readonly GroupKey[]) };
}

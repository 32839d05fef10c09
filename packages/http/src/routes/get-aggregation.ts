import type { AggregationQuery, Evt, GroupKey } from "@evt/core";
import type { z } from "zod";
import { elementsJson, joined } from "../responses/json-text.js";
import { coreRange } from "./core-range.js";
import type { Endpoint } from "./endpoint.js";
import { aggregationQuery } from "./queries.js";
import { queryReader } from "./read-query.js";

type Asked = z.output<typeof aggregationQuery>;

const groupKeys: Readonly<Record<Asked["groupBy"], readonly GroupKey[]>> = {
  none: [],
  clientId: ["clientId"],
  metric: ["metric"],
  both: ["clientId", "metric"],
};

/** `GET /aggregation`: exact totals of the counted events. */
export function getAggregation(evt: Evt): Endpoint {
  const readQuery = queryReader(aggregationQuery);
  return async (req, { eventsOf, gone }) => {
    const asked = readQuery(req.url);
    const { interval, timeZone, rows } = await eventsOf(evt).aggregate(coreQuery(asked), { signal: gone() });
    const about = JSON.stringify({ groupBy: asked.groupBy, interval, timeZone });
    const shown = await elementsJson(rows, (row) => JSON.stringify(row));
    return { status: 200, body: joined(`${about.slice(0, -1)},"rows":[`, shown, "]}") };
  };
}

function coreQuery({ groupBy, ...rest }: Asked): AggregationQuery {
  return { ...coreRange(rest), groupBy: groupKeys[groupBy] };
}

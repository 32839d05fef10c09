import type { Evt } from "@evt/core";
import { elementsJson, joined } from "../responses/json-text.js";
import type { Endpoint } from "./endpoint.js";
import { nextLink } from "./next-link.js";
import { clientsQuery, metricsQuery } from "./queries.js";
import { queryReader } from "./read-query.js";

/** `GET /events/clients`: one page of the clients that have counted events. */
export function getClients(evt: Evt): Endpoint {
  const readQuery = queryReader(clientsQuery);
  return async (_req, { eventsOf, gone, url }) => {
    const page = await eventsOf(evt).clients(readQuery(url), { signal: gone() });
    const body = await pageJson("clients", page.clients, page.nextCursor);
    return { status: 200, ...nextLink(url, page.nextCursor), body };
  };
}

/** `GET /events/metrics`: one page of the metrics that have counted events. */
export function getMetrics(evt: Evt): Endpoint {
  const readQuery = queryReader(metricsQuery);
  return async (_req, { eventsOf, gone, url }) => {
    const page = await eventsOf(evt).metrics(readQuery(url), { signal: gone() });
    const body = await pageJson("metrics", page.metrics, page.nextCursor);
    return { status: 200, ...nextLink(url, page.nextCursor), body };
  };
}

async function pageJson(member: string, names: readonly object[], nextCursor: string | null) {
  const elements = await elementsJson(names, (name) => JSON.stringify(name));
  return joined(`{"${member}":[`, elements, `],"nextCursor":${JSON.stringify(nextCursor)}}`);
}

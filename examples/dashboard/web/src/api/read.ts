import type { Aggregation } from "./aggregation.js";
import type { EventEntry, EventPage } from "./event.js";
import { problemFrom } from "./problem.js";
import { request } from "./request.js";

type Query = Readonly<Record<string, string | number | null | undefined>>;

function withQuery(path: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") parameters.set(name, String(value));
  }
  return parameters.size === 0 ? path : `${path}?${parameters}`;
}

async function get<T>(path: string, signal: AbortSignal | undefined): Promise<T> {
  const response = await request(path, signal ? { signal } : {});
  if (response.status !== 200) throw problemFrom(response.status, response.body);
  return response.body as T;
}

export function getEvents(query: Query, signal?: AbortSignal): Promise<EventPage> {
  return get(withQuery("api/events", query), signal);
}

export function getEvent(id: string, signal?: AbortSignal): Promise<EventEntry> {
  return get(`api/events/${encodeURIComponent(id)}`, signal);
}

export function getAggregation(query: Query, signal?: AbortSignal): Promise<Aggregation> {
  return get(withQuery("api/aggregation", query), signal);
}

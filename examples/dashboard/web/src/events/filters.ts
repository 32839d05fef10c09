import type { Parameters } from "../hash-location.js";

/** The filters of the list. They have the same names as in the API. An empty string means no filter. */
export interface EventFilter {
  readonly clientId: string;
  readonly metric: string;
  readonly status: string;
  readonly startDate: string;
  readonly endDate: string;
}

const NAMES = ["clientId", "metric", "status", "startDate", "endDate"] as const;

export const NO_FILTER: Parameters = {
  clientId: null,
  metric: null,
  status: null,
  startDate: null,
  endDate: null,
};

export function filtersIn(params: URLSearchParams): EventFilter {
  const read = (name: (typeof NAMES)[number]) => params.get(name) ?? "";
  return {
    clientId: read("clientId"),
    metric: read("metric"),
    status: read("status"),
    startDate: read("startDate"),
    endDate: read("endDate"),
  };
}

export function isFiltered(filters: EventFilter): boolean {
  return NAMES.some((name) => filters[name] !== "");
}

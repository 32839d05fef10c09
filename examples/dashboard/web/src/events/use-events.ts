import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { EventPage } from "../api/event.js";
import { getEvents } from "../api/read.js";
import type { EventFilter } from "./filters.js";

const PAGE_SIZE = 50;

/** Loads one page of events. The old rows stay visible until the new rows have loaded. */
export function useEvents(filters: EventFilter, cursor: string | null): UseQueryResult<EventPage> {
  return useQuery({
    queryKey: ["events", filters, cursor],
    queryFn: ({ signal }) => getEvents({ ...filters, cursor, limit: PAGE_SIZE }, signal),
    placeholderData: keepPreviousData,
  });
}

import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { Aggregation, GroupBy, Interval } from "../api/aggregation.js";
import { getAggregation } from "../api/read.js";

/** The parameters of the totals. The page stores them in its address. */
export interface TotalsQuery {
  readonly groupBy: GroupBy;
  readonly startDate: string;
  readonly endDate: string;
  readonly interval: Interval | "";
  readonly timeZone: string;
}

const GROUPS: readonly string[] = ["none", "clientId", "metric", "both"] satisfies GroupBy[];
const INTERVALS: readonly string[] = ["hour", "day", "week", "month"] satisfies Interval[];

const isGroupBy = (text: string): text is GroupBy => GROUPS.includes(text);
const isInterval = (text: string): text is Interval => INTERVALS.includes(text);

export function totalsQueryIn(params: URLSearchParams): TotalsQuery {
  const groupBy = params.get("groupBy") ?? "";
  const interval = params.get("interval") ?? "";
  return {
    groupBy: isGroupBy(groupBy) ? groupBy : "clientId",
    startDate: params.get("startDate") ?? "",
    endDate: params.get("endDate") ?? "",
    interval: isInterval(interval) ? interval : "",
    timeZone: params.get("timeZone") ?? "UTC",
  };
}

/** Returns true if the query has an interval but not both dates, which an interval needs. */
export function needsDates({ interval, startDate, endDate }: TotalsQuery): boolean {
  return interval !== "" && (startDate === "" || endDate === "");
}

export function useTotals(query: TotalsQuery): UseQueryResult<Aggregation> {
  return useQuery({
    queryKey: ["totals", query],
    queryFn: ({ signal }) => getAggregation({ ...query }, signal),
    enabled: !needsDates(query),
    placeholderData: keepPreviousData,
  });
}

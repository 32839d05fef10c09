export interface Span {
  readonly name: string;
  readonly dates: () => { readonly startDate: string; readonly endDate: string };
}

const DAY_MS = 86_400_000;
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

function lastDays(days: number): Span["dates"] {
  return () => ({ startDate: dayOf(Date.now() - (days - 1) * DAY_MS), endDate: dayOf(Date.now()) });
}

/** Ranges that a user often needs: recent times, and the times of the real data. */
export const SPANS: readonly Span[] = [
  { name: "All time", dates: () => ({ startDate: "", endDate: "" }) },
  { name: "Today", dates: lastDays(1) },
  { name: "Last 30 days", dates: lastDays(30) },
  { name: "The flights: early 2001", dates: () => ({ startDate: "2001-01-01", endDate: "2001-03-31" }) },
  {
    name: "The earthquakes: a week of 2018",
    dates: () => ({ startDate: "2018-01-31", endDate: "2018-02-07" }),
  },
];

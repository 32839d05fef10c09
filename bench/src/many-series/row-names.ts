/** The names of the rows that more than one file uses. */
export const ROW = {
  dense: "ingest, dense, folded",
  sparse: "ingest, sparse, folded",
  scattered: "ingest, scattered, folded",
  sparseStored: "ingest, sparse, folded, a million stored",
  oneTenant: "single events of one tenant, folded",
  manyTenants: "single events of 2,000 tenants, folded",
  denseStorage: "storage of totals, dense",
  sparseStorage: "storage of totals, sparse",
  allStorage: "storage in all, sparse, keyed, raw dropped",
  yearByDay: "totals of a year by metric and day, p95",
  yearByMetric: "totals of a year by metric, p95",
  yearByPlan: "totals of a year by metric and a kept dimension, p95",
  grandTotal: "grand total of a year, p95",
  top: "top 100 clients of a month, a million stored",
  topOfEvents: "top 100 clients of a month, a million events",
  unfolded: "most unfolded cells during sparse ingest",
  readMeanwhile: "any total during sparse ingest, p95",
} as const;

/** The row of a query about a client, for evt and for SQL over the events. */
export const clientRow = (question: string): string => `${question}, a million stored, p95`;
export const clientRowOfEvents = (question: string): string => `${question}, a million events, p95`;

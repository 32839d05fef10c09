/**
 * The clock that decides when claims lapse. `database` means Postgres's clock, so hosts whose clocks differ agree on the
 * end of a window. `caller` means the times in the records, for tests that inject time.
 */
export type LapsingClock = "database" | "caller";

/**
 * Returns SQL for the time at which a statement checks claims. `receivedAt` is SQL for the caller's time. The
 * database's time is the statement's start, not the moment of the check, because the statement may have waited for a
 * lock.
 */
export const checkTime = (clock: LapsingClock, receivedAt: string): string =>
  clock === "database" ? "statement_timestamp()" : receivedAt;

/** Returns SQL for the time at which a claim lapses. The value is null if the claim never lapses. */
export const lapseTime = (clock: LapsingClock, lapsesAt: string, receivedAt: string): string =>
  clock === "database" ? `statement_timestamp() + (${lapsesAt} - ${receivedAt})` : lapsesAt;

/**
 * By which clock claims lapse. `database`: that of Postgres, which all hosts share, so hosts whose clocks differ agree on
 * what lies within a window. `caller`: the instants in the records, for tests that inject time.
 */
export type LapsingClock = "database" | "caller";

/**
 * SQL for the instant at which a statement meets claims; `receivedAt` is SQL for that of the caller. The time of the
 * statement, not of its evaluation: it may have waited for a lock.
 */
export const meetingTime = (clock: LapsingClock, receivedAt: string): string =>
  clock === "database" ? "statement_timestamp()" : receivedAt;

/** SQL for when a claim lapses; null where it never does. */
export const lapseTime = (clock: LapsingClock, lapsesAt: string, receivedAt: string): string =>
  clock === "database" ? `statement_timestamp() + (${lapsesAt} - ${receivedAt})` : lapsesAt;

/**
 * What the store needs of `pg`, by shape: any version and any copy of it fits, and so does a wrapper that traces.
 */
export interface PgPool {
  connect(): Promise<PgClient>;
  on(event: "error", listener: (error: Error) => void): unknown;
  removeListener(event: "error", listener: (error: Error) => void): unknown;
}

export interface PgClient {
  /**
   * A client that shows its `connection`, as `pg`'s own do, is also given queries that send themselves, as
   * `pg-copy-streams` and `pg-cursor` do. One that does not is given ordinary queries for the same, which take longer.
   */
  query(query: PgQuery): Promise<PgResult>;
  /** With an error or `true` the connection is closed instead of going back to the pool. */
  release(destroy?: Error | boolean): void;
  on(event: "error", listener: (error: Error) => void): unknown;
  removeListener(event: "error", listener: (error: Error) => void): unknown;
}

export interface PgQuery {
  readonly text: string;
  readonly values?: unknown[];
  /** Names a prepared statement. */
  readonly name?: string;
  readonly types?: { getTypeParser(): (value: unknown) => unknown };
}

/** Every value as Postgres prints it, whatever type parsers the host has set; from bytes, where it asked for binary ones. */
export const asText: NonNullable<PgQuery["types"]> = { getTypeParser: () => String };

export interface PgResult {
  readonly rows: Record<string, unknown>[];
  readonly command?: string;
}

/**
 * A connection pool, such as `new pg.Pool()`. The type has only the members that evt uses. So any version or copy of
 * `pg` fits, and so does a wrapper that adds tracing.
 *
 * @example
 * ```ts
 * import pg from "pg";
 * const pool: PgPool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
 * ```
 */
export interface PgPool {
  /** Lends a connection. Waits for one if all are in use. */
  connect(): Promise<PgClient>;
  on(event: "error", listener: (error: Error) => void): unknown;
  removeListener(event: "error", listener: (error: Error) => void): unknown;
}

/** A connection that the pool lends, such as `pg.PoolClient`. */
export interface PgClient {
  /**
   * Runs a query. A client that exposes its `connection` also receives queries that send themselves, such as the queries
   * of `pg-copy-streams` and `pg-cursor`. `pg`'s own client exposes it. Other clients receive only ordinary queries, which
   * are slower.
   */
  query(query: PgQuery): Promise<PgResult>;
  /** Returns the connection to the pool, or closes it if `destroy` is `true` or an error. */
  release(destroy?: Error | boolean): void;
  on(event: "error", listener: (error: Error) => void): unknown;
  removeListener(event: "error", listener: (error: Error) => void): unknown;
}

/** A query as `pg` accepts it. */
export interface PgQuery {
  /** The SQL, with `$1` and so on for values. */
  readonly text: string;
  /** The values of the placeholders. */
  readonly values?: unknown[];
  /** The name of the prepared statement. Default: the statement is not prepared by name. */
  readonly name?: string;
  /** Converts the values of the result. */
  readonly types?: { getTypeParser(): (value: unknown) => unknown };
}

/** Returns every value as the string that Postgres prints, regardless of the type parsers that the host has set. */
export const asText: NonNullable<PgQuery["types"]> = { getTypeParser: () => String };

/** The result of a query as `pg` returns it. */
export interface PgResult {
  /** One object for each row, by column name. */
  readonly rows: Record<string, unknown>[];
  /** The command that Postgres completed, such as `COMMIT`. */
  readonly command?: string;
}

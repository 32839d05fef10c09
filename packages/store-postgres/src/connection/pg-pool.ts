/**
 * A connection pool, such as `new pg.Pool()`. The type has only the members that evt requires. So it also
 * accepts the pool of another installed copy of `pg`, or a wrapper that adds tracing.
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
   * Runs a query. If the client has a member `connection`, like `pg`'s own client, evt also passes objects with a method
   * `submit`, like those of `pg-copy-streams`. Without this member, evt passes only ordinary queries, and inserts are
   * slower.
   */
  query(query: PgQuery): Promise<PgResult>;
  /** Returns the connection to the pool, or closes it if `destroy` is `true` or an error. */
  release(destroy?: Error | boolean): void;
  on(event: "error", listener: (error: Error) => void): unknown;
  removeListener(event: "error", listener: (error: Error) => void): unknown;
}

/** A query as `pg` accepts it. */
export interface PgQuery {
  /** The SQL, with the placeholders `$1`, `$2` and so on. */
  readonly text: string;
  /** The values of the placeholders. */
  readonly values?: unknown[];
  /** The name of the prepared statement. Default: the statement is not prepared by name. */
  readonly name?: string;
  /** Converts the values of the result. */
  readonly types?: { getTypeParser(): (value: unknown) => unknown };
}

/**
 * Returns every value of a result as the string that Postgres sends. The host's type parsers are not used. An SQL null
 * remains `null`.
 */
export const asText: NonNullable<PgQuery["types"]> = { getTypeParser: () => String };

/** The result of a query as `pg` returns it. */
export interface PgResult {
  /** One object for each row, by column name. */
  readonly rows: Record<string, unknown>[];
  /** The command that Postgres completed, such as `COMMIT`. */
  readonly command?: string;
}

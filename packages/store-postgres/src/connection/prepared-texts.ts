import type { PgQuery } from "./pg-pool.js";
import type { Prepare, Statement } from "./statement.js";

/** Maximum number of prepared texts. Each prepared statement takes memory on every connection. */
const MOST_TEXTS = 64;

/**
 * Prepares queries whose SQL depends on their options, because planning such a query can take longer than running it.
 * Prepares only the first {@link MOST_TEXTS} texts, because an application normally uses few.
 */
export class PreparedTexts {
  readonly #prepare: Prepare;
  readonly #statements = new Map<string, Statement>();

  constructor(prepare: Prepare) {
    this.#prepare = prepare;
  }

  /** Returns the query as a statement that is prepared once on each connection, unless there are too many already. */
  of(query: PgQuery): PgQuery {
    const { text, values = [] } = query;
    const known = this.#statements.get(text);
    if (known !== undefined) return known.with(...values);
    if (this.#statements.size === MOST_TEXTS) return query;
    const statement = this.#prepare(text);
    this.#statements.set(text, statement);
    return statement.with(...values);
  }
}

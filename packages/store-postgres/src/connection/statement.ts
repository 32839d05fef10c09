import { createHash } from "node:crypto";
import type { PgQuery } from "./pg-pool.js";

/** Creates a statement from its SQL. */
export type Prepare = (text: string) => Statement;

/**
 * Creates a statement that is prepared once on each connection. The name is a hash of the SQL, so statements
 * with different SQL do not share a name.
 */
export const prepared: Prepare = (text) =>
  new Statement(text, `evt_${createHash("sha256").update(text).digest("hex").slice(0, 24)}`);

/** Creates a statement that is not prepared by name. */
export const unprepared: Prepare = (text) => new Statement(text, null);

/** SQL that is run with different values. */
export class Statement {
  readonly #text: string;
  readonly #name: string | null;

  constructor(text: string, name: string | null) {
    this.#text = text;
    this.#name = name;
  }

  with(...values: unknown[]): PgQuery {
    const query = { text: this.#text, values };
    return this.#name === null ? query : { ...query, name: this.#name };
  }
}

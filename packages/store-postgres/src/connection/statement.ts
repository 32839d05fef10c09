import { createHash } from "node:crypto";
import type { PgQuery } from "./pg-pool.js";

/** Makes the statements of a store. */
export type Prepare = (text: string) => Statement;

/** A statement that is prepared once on each connection. Its name is made of its text, so two texts never share one. */
export const prepared: Prepare = (text) =>
  new Statement(text, `evt_${createHash("sha256").update(text).digest("hex").slice(0, 24)}`);

/** A statement that leaves nothing behind on its connection. */
export const unprepared: Prepare = (text) => new Statement(text, null);

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

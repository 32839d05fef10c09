import { createHash } from "node:crypto";
import type { PgQuery } from "./pg-pool.js";

/** A statement that is prepared once on each connection. Its name is made of its text, so two texts never share one. */
export class Statement {
  readonly #text: string;
  readonly #name: string;

  constructor(text: string) {
    this.#text = text;
    this.#name = `evt_${createHash("sha256").update(text).digest("hex").slice(0, 24)}`;
  }

  with(...values: unknown[]): PgQuery {
    return { name: this.#name, text: this.#text, values };
  }
}

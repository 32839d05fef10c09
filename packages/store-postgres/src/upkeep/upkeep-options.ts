import type { PgPool } from "../connection/pg-pool.js";
import { checkKnown } from "../options/known-options.js";
import { quotedSchema } from "../options/schema-name.js";

export interface SchemaOption {
  /** Where `migrate` made the tables. @defaultValue "evt" */
  readonly schema?: string;
}

/** The schema as an identifier. @throws TypeError where there is no pool, or an option that cannot be meant. */
export function checkUpkeep(
  what: string,
  pool: Pick<PgPool, "connect">,
  options: SchemaOption,
  known: readonly string[],
): string {
  if (typeof pool?.connect !== "function") throw new TypeError(`${what} needs a pool, such as new pg.Pool()`);
  checkKnown(what, options, known);
  return quotedSchema(options.schema ?? "evt");
}

export function checkMonthsAhead(monthsAhead: number): void {
  if (Number.isInteger(monthsAhead) && monthsAhead >= 0 && monthsAhead <= 1_200) return;
  throw new TypeError(`monthsAhead is ${monthsAhead}; it must be a whole number from 0 to 1200`);
}

/** An instant as Postgres reads it. @throws TypeError where it is none. */
export function checkedInstant(name: string, value: unknown): string {
  const date = typeof value === "string" ? new Date(value) : value;
  if (date instanceof Date && !Number.isNaN(date.getTime())) return date.toISOString();
  throw new TypeError(
    `${name} is ${String(value)}; it must be a Date, or a text such as 2026-01-01T00:00:00Z`,
  );
}

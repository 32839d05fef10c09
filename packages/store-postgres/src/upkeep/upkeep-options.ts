import { checkKnown, parseInstant, quoted } from "@evt/core/adapter";
import type { PgPool } from "../connection/pg-pool.js";
import { quotedSchema } from "../options/schema-name.js";

/** The option that all upkeep functions have. */
export interface SchemaOption {
  /** The schema in which `migrate` created the tables. @defaultValue "evt" */
  readonly schema?: string | undefined;
}

/**
 * Checks the pool and the options, and returns the schema as a quoted SQL identifier.
 * @throws TypeError if the pool is missing, or an option is unknown or invalid
 */
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

/** @throws TypeError if the number of months is invalid */
export function checkMonthsAhead(monthsAhead: number): void {
  if (Number.isInteger(monthsAhead) && monthsAhead >= 0 && monthsAhead <= 1_200) return;
  throw new TypeError(`monthsAhead is ${monthsAhead}; it must be a whole number from 0 to 1200`);
}

/**
 * Returns an instant in canonical form. A string without an offset is read in UTC. A date without a time means the
 * start of that day, or the end of the day if `edge` is `end`.
 * @throws TypeError if `value` is not an instant
 */
export function checkedInstant(name: string, value: unknown, edge: "start" | "end" = "start"): string {
  if (typeof value !== "string" && !(value instanceof Date))
    throw new TypeError(
      `${name} is ${quoted(value)}; it must be a Date or a string such as 2026-01-01T00:00:00Z`,
    );
  const instant = parseInstant(value, { edge, timeZone: "UTC" });
  if (typeof instant === "string") return instant;
  throw new TypeError(`${name}: ${instant.message}`);
}

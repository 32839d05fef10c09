import { EvtError, isEvtError } from "@evt/core";
import type { Ask, Gate } from "../connection/connections.js";
import { sqlStateOf, statementError } from "../connection/sqlstate.js";
import type { Query } from "../connection/transaction.js";
import { migrationsIn } from "./index.js";

/** undefined_table, invalid_schema_name. */
const MISSING = ["42P01", "3F000"];
/** insufficient_privilege */
const DENIED = "42501";
/** undefined_column and the like, which a schema of another version raises. */
const MISFITS = ["42703", "42883", "42P10", ...MISSING];

interface Versions {
  readonly schema: number;
  /** The oldest version that a process may have been built for. */
  readonly oldest: number;
}

/**
 * Compares the version of the schema with the one this build was made for. A store asks before its first operation, so
 * on a schema that does not fit all of its operations fail alike, and nothing is half done. Asks again until the schema
 * fits; afterwards only when `check` is called or an error suggests that it no longer does.
 */
export class SchemaCheck implements Gate {
  readonly #quoted: string;
  readonly #built: number;
  readonly #emit: (message: string, code: string) => void;
  readonly #warned = new Set<string>();
  #fits = false;

  /** `quoted` is the schema as an identifier; `emit` is called once for each code. Default: a process warning. */
  constructor(quoted: string, emit = emitWarning) {
    this.#quoted = quoted;
    this.#emit = emit;
    this.#built = Math.max(...migrationsIn(quoted).map(({ version }) => version));
  }

  get isOpen(): boolean {
    return this.#fits;
  }

  /** @throws EvtError `EVT_SCHEMA_OUTDATED` if the schema is too old, or too new, for this build */
  async check(ask: Ask): Promise<void> {
    this.#fits = false;
    const versions = await this.#versions(ask);
    if (versions !== null) this.#compare(versions);
    this.#fits = true;
  }

  /** Asks again before the next operation if the error may come from a schema of another version. */
  noteFailure(error: unknown): void {
    const state = isEvtError(error) ? sqlStateOf(error.cause) : undefined;
    if (state !== undefined && MISFITS.includes(state)) this.#fits = false;
  }

  /** `null` if the role must not read the journal: nothing can be compared. */
  async #versions(ask: Ask): Promise<Versions | null> {
    try {
      const [row] = await ask({ text: versionsIn(this.#quoted) });
      return { schema: versionOf(row, "version"), oldest: versionOf(row, "oldest") };
    } catch (error) {
      const state = isEvtError(error) ? sqlStateOf(error.cause) : undefined;
      if (state === DENIED) {
        this.#warn(
          "EVT_SCHEMA_UNCHECKED",
          `the version of schema ${this.#quoted} is not checked: grant select on ${this.#quoted}.migration to this role`,
        );
        return null;
      }
      if (state === undefined || !MISSING.includes(state)) throw error;
      const message = `schema ${this.#quoted} has no journal of migrations: run migrate, or correct the schema's name`;
      throw new EvtError("EVT_SCHEMA_OUTDATED", message, { cause: error });
    }
  }

  #compare({ schema, oldest }: Versions): void {
    const at = `schema ${this.#quoted} is at version ${schema}`;
    if (schema < this.#built) {
      const message = `${at}, this version of @evt/store-postgres needs ${this.#built}: run migrate`;
      throw new EvtError("EVT_SCHEMA_OUTDATED", message);
    }
    if (oldest > this.#built) {
      const message = `${at} and needs processes built for version ${oldest} or later; this version of @evt/store-postgres is built for ${this.#built}: upgrade it`;
      throw new EvtError("EVT_SCHEMA_OUTDATED", message);
    }
    if (schema > this.#built)
      this.#warn(
        "EVT_SCHEMA_NEWER",
        `${at}, newer than this version of @evt/store-postgres knows (${this.#built}); it is compatible, but upgrade this process soon`,
      );
  }

  #warn(code: string, message: string): void {
    if (this.#warned.has(code)) return;
    this.#warned.add(code);
    this.#emit(message, code);
  }
}

function emitWarning(message: string, code: string): void {
  process.emitWarning(message, { type: "EvtWarning", code });
}

/**
 * Checks the schema before upkeep begins; outside a transaction, which a missing right to read the journal would abort.
 * @throws EvtError `EVT_SCHEMA_OUTDATED`
 */
export async function checkSchema(quoted: string, query: Query): Promise<void> {
  const ask: Ask = async ({ text }) => {
    try {
      return await query(text);
    } catch (error) {
      throw statementError(error);
    }
  };
  await new SchemaCheck(quoted, () => undefined).check(ask);
}

/** A journal of an older build has no column `oldest_compatible`, so it is read by name. */
const versionsIn = (quoted: string) => `
select coalesce(max(version), 0)::text as version,
       coalesce(max((to_jsonb(journal) ->> 'oldest_compatible')::integer), 1)::text as oldest
  from ${quoted}.migration as journal`;

function versionOf(row: Readonly<Record<string, unknown>> | undefined, column: string): number {
  const version = row?.[column];
  if (typeof version === "string" && /^\d{1,9}$/.test(version)) return Number(version);
  throw new EvtError("EVT_INTERNAL", `expected a schema version from the database, not ${String(version)}`);
}

import { EvtError, isEvtError } from "@evt/core/store";
import type { Gate, Query } from "../connection/connections.js";
import { sqlStateOf, statementError } from "../connection/sqlstate.js";
import type { SqlQuery } from "../connection/transaction.js";
import { migrationsIn } from "./index.js";

/** undefined_table, invalid_schema_name. */
const MISSING = ["42P01", "3F000"];
/** insufficient_privilege */
const DENIED = "42501";
/** undefined_column and similar errors. They can occur on a schema of another version. */
const MISFITS = ["42703", "42883", "42P10", ...MISSING];

interface Versions {
  readonly schema: number;
  /** The oldest version whose processes can run on the schema. */
  readonly oldest: number;
}

/**
 * Compares the schema's version with the version that this build needs. A store checks before each operation until
 * the schema fits. So if the schema does not fit, an operation fails before it begins. The check is repeated after an
 * error that suggests that the schema no longer fits.
 */
export class SchemaCheck implements Gate {
  readonly #quoted: string;
  readonly #built: number;
  readonly #emit: (message: string, code: string) => void;
  readonly #warned = new Set<string>();
  #fits = false;

  /**
   * `quoted` is the schema as a quoted identifier. `emit` is called at most once for each warning code. By default it
   * emits a process warning.
   */
  constructor(quoted: string, emit = emitWarning) {
    this.#quoted = quoted;
    this.#emit = emit;
    this.#built = Math.max(...migrationsIn(quoted).map(({ version }) => version));
  }

  get isOpen(): boolean {
    return this.#fits;
  }

  /**
   * @throws EvtError `EVT_SCHEMA_OUTDATED` if the schema has no migrations, is too old, or no longer supports this
   * build
   */
  async check(query: Query): Promise<void> {
    this.#fits = false;
    const versions = await this.#versions(query);
    if (versions !== null) this.#compare(versions);
    this.#fits = true;
  }

  /**
   * Closes the gate if the error may come from a schema of another version. The check then runs before the next
   * operation.
   */
  noteFailure(error: unknown): void {
    const state = isEvtError(error) ? sqlStateOf(error.cause) : undefined;
    if (state !== undefined && MISFITS.includes(state)) this.#fits = false;
  }

  /**
   * Returns the versions in the journal. If the role may not read the journal, warns and returns `null`: the check is
   * skipped.
   */
  async #versions(query: Query): Promise<Versions | null> {
    try {
      const [row] = await query({ text: versionsIn(this.#quoted) });
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
      const message = `schema ${this.#quoted} has no migrations: call migrate(pool) of @evt/store-postgres, or correct the option "schema"`;
      throw new EvtError("EVT_SCHEMA_OUTDATED", message, { cause: error });
    }
  }

  #compare({ schema, oldest }: Versions): void {
    const at = `schema ${this.#quoted} is at version ${schema}`;
    if (schema < this.#built) {
      const message = `${at}, this version of @evt/store-postgres needs ${this.#built}: call migrate(pool)`;
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
 * Checks the schema before upkeep begins. Call it outside a transaction, because a denied read of the journal would
 * abort the transaction.
 * @throws EvtError `EVT_SCHEMA_OUTDATED` if the schema does not fit
 */
export async function checkSchema(quoted: string, query: SqlQuery): Promise<void> {
  const sessionQuery: Query = async ({ text }) => {
    try {
      return await query(text);
    } catch (error) {
      throw statementError(error);
    }
  };
  await new SchemaCheck(quoted, () => undefined).check(sessionQuery);
}

/** Reads the rows of the journal as JSON, because the journal of an older build has no column `oldest_compatible`. */
const versionsIn = (quoted: string) => `
select coalesce(max(version), 0)::text as version,
       coalesce(max((to_jsonb(journal) ->> 'oldest_compatible')::integer), 1)::text as oldest
  from ${quoted}.migration as journal`;

function versionOf(row: Readonly<Record<string, unknown>> | undefined, column: string): number {
  const version = row?.[column];
  if (typeof version === "string" && /^\d{1,9}$/.test(version)) return Number(version);
  throw new EvtError("EVT_INTERNAL", `expected a schema version from the database, got ${String(version)}`);
}

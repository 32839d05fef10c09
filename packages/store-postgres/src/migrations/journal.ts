import { createHash } from "node:crypto";
import type { SqlQuery } from "../connection/transaction.js";
import type { Migration, Step } from "./index.js";

/** A row of the journal: a step that was applied. */
interface Applied {
  readonly name: string;
  readonly checksum: string;
  readonly oldestCompatible: number;
}

export type Journal = ReadonlyMap<number, Applied>;

/**
 * Creates the schema and the journal table if they are missing. Adds the column that an older journal lacks. Does not
 * use `if not exists`, which needs the privilege to create even if nothing is missing.
 */
export async function createJournal(quoted: string, query: SqlQuery): Promise<void> {
  const [found] = await query(
    `select to_regnamespace($1::text)::text as schema, to_regclass($2::text)::text as journal,
            exists (select from pg_attribute where attrelid = to_regclass($2::text)
                      and attname = 'oldest_compatible' and not attisdropped)::text as complete`,
    [quoted, `${quoted}.migration`],
  );
  if (found?.["schema"] === null) await query(`create schema ${quoted}`);
  if (found?.["journal"] === null) await query(journalTable(quoted));
  else if (found?.["complete"] === "false") await query(oldestCompatibleColumn(quoted));
}

/** Returns the SQL that creates the journal table. */
export const journalTable = (quoted: string) => `create table ${quoted}.migration (
  version           integer primary key,
  name              text not null,
  checksum          text not null,
  applied_at        timestamptz not null default now(),
  oldest_compatible integer not null default 1  -- processes built for an older version must not run on this schema
)`;

const oldestCompatibleColumn = (quoted: string) =>
  `alter table ${quoted}.migration add column oldest_compatible integer not null default 1`;

/** Returns the applied steps by version. */
export async function readJournal(quoted: string, query: SqlQuery): Promise<Journal> {
  const rows = await query(
    `select version::text, name, checksum, oldest_compatible::text as oldest from ${quoted}.migration`,
  );
  return new Map(rows.map((row) => [versionIn(row), appliedIn(row)]));
}

function versionIn(row: Readonly<Record<string, unknown>>): number {
  const version = Number(row["version"]);
  if (Number.isSafeInteger(version)) return version;
  throw new Error(
    `the journal of migrations has the version ${String(row["version"])}, which is not a number`,
  );
}

function appliedIn(row: Readonly<Record<string, unknown>>): Applied {
  return {
    name: String(row["name"]),
    checksum: String(row["checksum"]),
    oldestCompatible: Number(row["oldest"]),
  };
}

/** Adds a row for an applied step to the journal. */
export async function recordStep(quoted: string, step: Step, query: SqlQuery): Promise<void> {
  await query(
    `insert into ${quoted}.migration (version, name, checksum, oldest_compatible)
     values ($1::int, $2::text, $3::text, $4::int)`,
    [step.version, step.name, checksum(step), step.oldestCompatible ?? 1],
  );
}

/**
 * Returns the first step that is not applied, or `null` if all are applied.
 * @throws Error if a step was applied with different SQL, or if the schema is newer and no longer supports this build
 */
export function firstMissing(quoted: string, steps: readonly Step[], journal: Journal): Step | null {
  checkCompatible(quoted, steps, journal);
  for (const step of steps) checkUnchanged(quoted, step, journal.get(step.version));
  return steps.find(({ version }) => !journal.has(version)) ?? null;
}

function checkCompatible(quoted: string, steps: readonly Step[], journal: Journal): void {
  const built = Math.max(0, ...steps.map(({ version }) => version));
  const oldest = Math.max(1, ...[...journal.values()].map(({ oldestCompatible }) => oldestCompatible));
  if (oldest <= built) return;
  throw new Error(
    `schema ${quoted} needs processes built for version ${oldest} or later; this version of @evt/store-postgres is built for ${built}: upgrade it`,
  );
}

function checkUnchanged(quoted: string, step: Step, applied: Applied | undefined): void {
  if (applied === undefined || applied.checksum === checksum(step)) return;
  throw new Error(
    `migration ${step.version} (${step.name}) was applied to schema ${quoted} with different SQL than this build has, ` +
      "so an unreleased build created the schema. Compare the schema with the SQL that migrations() returns and " +
      "apply the differences by hand; then accept it with: " +
      `update ${quoted}.migration set checksum = '${checksum(step)}' where version = ${step.version}`,
  );
}

/** Returns the SHA-256 of a step's SQL. */
export function checksum({ sql }: Pick<Migration, "sql">): string {
  return createHash("sha256").update(sql).digest("hex");
}

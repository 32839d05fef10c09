import { createHash } from "node:crypto";
import type { PgPool } from "./connection/pg-pool.js";
import { inTransaction, type Query } from "./connection/transaction.js";
import { type Migration, migrationsIn } from "./migrations/index.js";
import { checkKnown } from "./options/known-options.js";
import { quotedSchema } from "./options/schema-name.js";
import { makePartitions } from "./upkeep/month-partitions.js";
import { checkMonthsAhead, checkUpkeep } from "./upkeep/upkeep-options.js";

export interface MigrateOptions {
  /** @defaultValue "evt" */
  readonly schema?: string;
  /** How many months of partitions are made ahead, this one included. @defaultValue 3 */
  readonly monthsAhead?: number;
  /** The time partitions are counted from. Default: now. */
  readonly now?: Date;
}

const OPTIONS: readonly (keyof MigrateOptions)[] = ["schema", "monthsAhead", "now"];

/** What `migrate` runs, step by step, for anyone who would rather read or run it himself. */
export function migrations(options: Pick<MigrateOptions, "schema"> = {}): readonly Migration[] {
  checkKnown("migrations", options, ["schema"]);
  return migrationsIn(quotedSchema(options.schema ?? "evt"));
}

/**
 * Brings the schema up to date, makes the partitions of the months to come, and returns the versions it applied. Safe
 * to run from any number of processes at once: one does the work, the others wait and find it done. All or nothing.
 * Needs `create` on the schema, and on the database only where the schema does not exist yet; where nothing is left to
 * do, no more than the store.
 * @throws Error where a step that was applied reads otherwise now, or Postgres will not do; whatever `pg` throws.
 */
export async function migrate(
  pool: Pick<PgPool, "connect">,
  options: MigrateOptions = {},
): Promise<readonly number[]> {
  const quoted = checkUpkeep("migrate", pool, options, OPTIONS);
  const { schema = "evt", monthsAhead = 3, now = new Date() } = options;
  checkMonthsAhead(monthsAhead);
  return inTransaction(pool, async (query) => {
    await checkServer(query);
    await query("select pg_advisory_xact_lock(hashtextextended('evt.migrate ' || $1::text, 0))", [schema]);
    await createMigrationTable(quoted, query);
    const applied = await applyMissing(quoted, query);
    await makePartitions(quoted, now, monthsAhead, query);
    return applied;
  });
}

/** An event may hold any character, and only UTF8 takes them all. */
async function checkServer(query: Query): Promise<void> {
  const [server] = await query(
    "select current_setting('server_version_num') as number, current_setting('server_version') as version, current_setting('server_encoding') as encoding",
  );
  const { number, version, encoding } = server ?? {};
  if (Number(number) < 150_000) throw new Error(`Postgres is ${version}; it must be 15 or later`);
  if (encoding !== "UTF8") throw new Error(`the database's encoding is ${encoding}; it must be UTF8`);
}

/** Creates nothing that is there: `if not exists` asks for the right to create all the same. */
async function createMigrationTable(quoted: string, query: Query): Promise<void> {
  const [there] = await query(
    "select to_regnamespace($1::text)::text as schema, to_regclass($2::text)::text as journal",
    [quoted, `${quoted}.migration`],
  );
  if (there?.["schema"] === null) await query(`create schema ${quoted}`);
  if (there?.["journal"] !== null) return;
  await query(`create table ${quoted}.migration (
    version    integer primary key,
    name       text not null,
    checksum   text not null,
    applied_at timestamptz not null default now()
  )`);
}

async function applyMissing(schema: string, query: Query): Promise<readonly number[]> {
  const rows = await query(`select version::text, checksum from ${schema}.migration`);
  const done = new Map(rows.map((row) => [Number(row["version"]), String(row["checksum"])]));
  const missing = migrationsIn(schema).filter((migration) => !isDone(migration, done));
  for (const migration of missing) {
    const { version, name, sql } = migration;
    await query(sql);
    const values = [version, name, checksum(migration)];
    await query(
      `insert into ${schema}.migration (version, name, checksum) values ($1::int, $2::text, $3::text)`,
      values,
    );
  }
  return missing.map(({ version }) => version);
}

function isDone(migration: Migration, done: ReadonlyMap<number, string>): boolean {
  const known = done.get(migration.version);
  if (known === undefined) return false;
  if (known === checksum(migration)) return true;
  throw new Error(
    `migration ${migration.version} (${migration.name}) was applied in another wording: this schema was made by another build of @evt/store-postgres`,
  );
}

function checksum({ sql }: Migration): string {
  return createHash("sha256").update(sql).digest("hex");
}

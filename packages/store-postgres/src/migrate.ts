import { createHash } from "node:crypto";
import { type Migration, migrationsIn } from "./migrations/index.js";
import type { PgClient, PgPool, PgQuery } from "./pg-pool.js";
import { quotedSchema } from "./schema-name.js";

export interface MigrateOptions {
  /** @defaultValue "evt" */
  readonly schema?: string;
  /** How many months of partitions are made ahead, this one included. @defaultValue 3 */
  readonly monthsAhead?: number;
  /** The time partitions are counted from. Default: now. */
  readonly now?: Date;
}

/** What `migrate` runs, step by step, for anyone who would rather read or run it himself. */
export function migrations({ schema = "evt" }: Pick<MigrateOptions, "schema"> = {}): readonly Migration[] {
  return migrationsIn(quotedSchema(schema));
}

/**
 * Brings the schema up to date and returns the versions it applied. Safe to run from any number of processes at once:
 * one does the work, the others wait and find it done. All or nothing. Needs `create` on the schema, and on the
 * database only where the schema does not exist yet.
 * @throws Error where a step that was applied reads otherwise now.
 */
export async function migrate(pool: Pick<PgPool, "connect">, options: MigrateOptions = {}): Promise<readonly number[]> {
  const { schema = "evt", monthsAhead = 3, now = new Date() } = options;
  const client = await pool.connect();
  let failed = true;
  try {
    await ask(client, "begin");
    const applied = await migrateInTransaction(client, schema);
    await makePartitions(client, quotedSchema(schema), now, monthsAhead);
    await ask(client, "commit");
    failed = false;
    return applied;
  } finally {
    // On any failure the connection goes, and the transaction with it.
    client.release(failed);
  }
}

async function migrateInTransaction(client: PgClient, schema: string): Promise<readonly number[]> {
  const quoted = quotedSchema(schema);
  await ask(client, "select pg_advisory_xact_lock(hashtextextended('evt.migrate ' || $1::text, 0))", [schema]);
  const [found] = await ask(client, "select 1 as found from pg_namespace where nspname = $1::text", [schema]);
  if (found === undefined) await ask(client, `create schema ${quoted}`);
  await ask(
    client,
    `create table if not exists ${quoted}.migration (
       version    integer primary key,
       name       text not null,
       checksum   text not null,
       applied_at timestamptz not null default now()
     )`,
  );
  const done = await appliedChecksums(client, quoted);
  const applied: number[] = [];
  for (const migration of migrationsIn(quoted)) {
    if (isDone(migration, done)) continue;
    await ask(client, migration.sql);
    const values = [migration.version, migration.name, checksum(migration)];
    await ask(client, `insert into ${quoted}.migration (version, name, checksum) values ($1::int, $2::text, $3::text)`, values);
    applied.push(migration.version);
  }
  return applied;
}

async function makePartitions(client: PgClient, schema: string, now: Date, months: number): Promise<void> {
  for (let month = 0; month < months; month++) {
    const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + month, 1));
    await ask(client, `select ${schema}.make_partition($1::timestamptz)`, [first.toISOString()]);
  }
}

async function appliedChecksums(client: PgClient, schema: string): Promise<ReadonlyMap<number, string>> {
  const rows = await ask(client, `select version::text, checksum from ${schema}.migration`);
  return new Map(rows.map((row) => [Number(row["version"]), String(row["checksum"])]));
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

async function ask(client: PgClient, text: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
  const query: PgQuery = values === undefined ? { text } : { text, values };
  const result = await client.query(query);
  return result.rows;
}

import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type MigrateOptions, migrations } from "@evt/store-postgres";
import pg from "pg";
import { postgresUrl } from "../../../test/setup/postgres-url.js";

/** The months that have a partition. */
export type Months = Pick<MigrateOptions, "now" | "monthsAhead">;

/**
 * A session remembers every schema that it has used, which makes it larger and slower. After this number of uses, it
 * is replaced.
 */
export const MOST_USES = 200;

/**
 * One connection at a time for all schemas of a test file. Its caches are warm, which halves the time to create a
 * schema.
 */
const maker = new pg.Pool({
  connectionString: postgresUrl(),
  max: 1,
  maxUses: MOST_USES,
  allowExitOnIdle: true,
});
maker.on("error", () => undefined);

/** Emptied schemas, by their months. */
const emptied = new Map<string, string[]>();

export function freshSchema(): string {
  return `t_${randomBytes(8).toString("hex")}`;
}

/** Creates a schema as `migrate` leaves it, in one round trip, and returns its name. */
export async function createSchema(months: Months = {}): Promise<string> {
  const schema = freshSchema();
  const steps = migrations({ schema }).map(({ sql }) => sql);
  await maker.query([...steps, makePartitions(schema, months)].join("\n"));
  return schema;
}

export async function dropSchema(schema: string): Promise<void> {
  await maker.query(`drop schema ${schema} cascade`);
}

/** Returns an emptied schema, or a new one. Creating a schema takes fifty times as long as emptying it. */
export async function reuseSchema(months: Months = {}): Promise<string> {
  return emptied.get(JSON.stringify(months))?.pop() ?? createSchema(months);
}

/**
 * Empties a schema for `reuseSchema` once its last connection is closed. Only for tests that change rows and
 * partitions and nothing else.
 */
export async function emptySchema(schema: string, months: Months = {}): Promise<void> {
  while ((await connectionsOf(schema)) > 0) await sleep(2);
  const { rows } = await maker.query<{ name: string; partition: boolean }>(
    `select relname as name, relispartition as partition
       from pg_class where relnamespace = '${schema}'::regnamespace and relkind = 'r' and relname <> 'migration'`,
  );
  const wanted = firstsOf(months).map(partitionOf);
  const statements = rows.map(({ name, partition }) =>
    partition && !wanted.includes(name) ? `drop table ${schema}.${name};` : `delete from ${schema}.${name};`,
  );
  await maker.query([...statements, makePartitions(schema, months)].join("\n"));
  const key = JSON.stringify(months);
  emptied.set(key, [...(emptied.get(key) ?? []), schema]);
}

/** Fixtures set the schema's name as the application name of their connections. */
async function connectionsOf(schema: string): Promise<number> {
  const { rowCount } = await maker.query("select from pg_stat_activity where application_name = $1", [
    schema,
  ]);
  return rowCount ?? 0;
}

function makePartitions(schema: string, months: Months): string {
  return firstsOf(months)
    .map((first) => `select ${schema}.make_partition('${first}');`)
    .join("\n");
}

function firstsOf({ now = new Date(), monthsAhead = 1 }: Months): string[] {
  return Array.from({ length: monthsAhead }, (_, month) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + month, 1)).toISOString(),
  );
}

const partitionOf = (first: string) => `event_${first.slice(0, 4)}_${first.slice(5, 7)}`;

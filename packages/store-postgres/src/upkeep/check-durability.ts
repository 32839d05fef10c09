import type { PgPool } from "../connection/pg-pool.js";
import { onConnection, type SqlQuery } from "../connection/transaction.js";
import { text } from "../tables/row-values.js";
import { checkUpkeep, type SchemaOption } from "./upkeep-options.js";

/** A problem that can cause the loss of counted events, or that prevents counting. */
export interface DurabilityWarning {
  /** The name of the setting in Postgres, `unlogged` for a table, or `standby` for the server itself. */
  readonly setting:
    | "fsync"
    | "full_page_writes"
    | "synchronous_commit"
    | "client_min_messages"
    | "unlogged"
    | "standby";
  /** The value of the setting, the name of the table, or `true` for a standby. */
  readonly value: string;
  /** The possible consequence, and how to fix it. */
  readonly message: string;
}

/**
 * Checks whether counted events survive a crash, with the settings that a connection of this pool has. Returns a
 * warning for each setting or table that can cause a loss, and a warning if the server is a standby. Does not check
 * whether a standby is connected.
 * @throws TypeError if an option is unknown or invalid
 * @throws Error if the database does not report its settings
 * @throws any error that `pg` throws
 * @example
 * ```ts
 * for (const { message } of await checkDurability(pool)) console.warn(message);
 * ```
 */
export async function checkDurability(
  pool: Pick<PgPool, "connect">,
  options: SchemaOption = {},
): Promise<readonly DurabilityWarning[]> {
  const schema = checkUpkeep("checkDurability", pool, options, ["schema"]);
  return onConnection(pool, async (query) => [
    ...(await ofSettings(query)),
    ...(await ofTables(schema, query)),
  ]);
}

/** The columns of the settings. A missing column must not count as a good setting. */
const COLUMNS = [
  "fsync",
  "full_page_writes",
  "synchronous_commit",
  "client_min_messages",
  "replicated",
  "standby",
];

type Warn = (setting: DurabilityWarning["setting"], message: string) => void;

async function ofSettings(query: SqlQuery): Promise<readonly DurabilityWarning[]> {
  const [row] = await query(`
    select current_setting('fsync') as fsync,
           current_setting('full_page_writes') as full_page_writes,
           current_setting('synchronous_commit') as synchronous_commit,
           current_setting('client_min_messages') as client_min_messages,
           (current_setting('synchronous_standby_names') <> '')::text as replicated,
           pg_is_in_recovery()::text as standby`);
  if (row === undefined) throw new Error("the database did not report its settings");
  for (const column of COLUMNS) text(row[column]);
  const warnings: DurabilityWarning[] = [];
  const warn: Warn = (setting, message) => warnings.push({ setting, value: String(row[setting]), message });
  if (row["fsync"] === "off")
    warn(
      "fsync",
      "fsync is off: a crash of the machine can lose counted events, and damage the database. Set fsync = on",
    );
  if (row["full_page_writes"] === "off")
    warn(
      "full_page_writes",
      "full_page_writes is off: a crash of the machine during a write can damage the database. Set full_page_writes = on, unless the file system writes whole pages",
    );
  if (row["synchronous_commit"] === "off")
    warn(
      "synchronous_commit",
      "synchronous_commit is off here: a crash of Postgres can lose the events that were counted last. Set synchronous_commit = on, for this role, database or pool",
    );
  if (row["replicated"] === "true") warnOfReplication(row, warn);
  if (row["standby"] === "true")
    warn(
      "standby",
      "this server is a standby and accepts no events. Connect to the primary (target_session_attrs=read-write)",
    );
  return warnings;
}

/** Warns of settings that stop synchronous replication from protecting counted events. */
function warnOfReplication(row: Readonly<Record<string, unknown>>, warn: Warn): void {
  if (row["synchronous_commit"] === "local")
    warn(
      "synchronous_commit",
      "synchronous_commit is local here: commits do not wait for the standby, and a failover can lose the events that were counted last. Set synchronous_commit = on, for this role, database or pool",
    );
  if (row["synchronous_commit"] === "remote_write")
    warn(
      "synchronous_commit",
      "synchronous_commit is remote_write here: commits do not wait until the standby has flushed them, and a crash of both machines can lose the events that were counted last. Set synchronous_commit = on, for this role, database or pool",
    );
  if (row["client_min_messages"] === "error")
    warn(
      "client_min_messages",
      "client_min_messages is error here: Postgres does not report that a commit's wait for the standby was cancelled, and a failover can lose counted events. Set client_min_messages = warning, for this role, database or pool",
    );
}

async function ofTables(schema: string, query: SqlQuery): Promise<readonly DurabilityWarning[]> {
  const rows = await query(
    `select relname as name from pg_class
      where relnamespace = to_regnamespace($1::text) and relpersistence = 'u' and relkind in ('r', 'p')
      order by relname collate "C"`,
    [schema],
  );
  return rows.map((row) => {
    const table = text(row["name"]);
    return {
      setting: "unlogged",
      value: table,
      message: `the table ${schema}.${table} is unlogged: a crash of Postgres empties it. Run: alter table ${schema}."${table}" set logged`,
    };
  });
}

import type { PgPool } from "./connection/pg-pool.js";
import { onConnection, type Query } from "./connection/transaction.js";
import { byHand } from "./migrations/by-hand.js";
import { type Migration, migrationsIn, type Step } from "./migrations/index.js";
import { patiently } from "./migrations/patience.js";
import { inLockedTransaction, runSteps } from "./migrations/run-steps.js";
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
  /**
   * How long one attempt waits for a lock, in milliseconds. Readers and writers of that table may have to wait behind it
   * for as long. @defaultValue 2_000
   */
  readonly lockTimeoutMs?: number;
  /**
   * How long each step is attempted, and how long another process that migrates is waited for, in milliseconds.
   * @defaultValue 600_000
   */
  readonly timeoutMs?: number;
}

const OPTIONS: readonly (keyof MigrateOptions)[] = [
  "schema",
  "monthsAhead",
  "now",
  "lockTimeoutMs",
  "timeoutMs",
];

/** The longest timeout that Postgres takes. */
const MAX_TIMEOUT_MS = 2_147_483_647;

/**
 * Returns every step with SQL to read, or to run by hand. Run in order, they leave the schema and its journal as
 * `migrate` does, which continues from there; partitions are made when they are needed. A step that `migrate` runs in
 * slices is one statement here, and an index is built while writers wait, unless it exists already.
 */
export function migrations(options: Pick<MigrateOptions, "schema"> = {}): readonly Migration[] {
  checkKnown("migrations", options, ["schema"]);
  const quoted = quotedSchema(options.schema ?? "evt");
  return migrationsIn(quoted).map((step) => byHand(quoted, step));
}

/**
 * Brings the schema up to date, makes the partitions of the months to come, and returns the versions it applied. Safe
 * to run from any number of processes at once: one does the work, the others wait and find it done. Each step is all or
 * nothing; after a failure, run it again and it continues. While it waits for a lock, others work on: an attempt ends
 * after `lockTimeoutMs`, and the pauses between attempts grow.
 * Needs `create` on the schema, and on the database only if the schema does not exist yet; if there is nothing to do, no
 * more than the store.
 * @throws Error if a step was applied with other SQL, the schema no longer supports this version of the package, or a
 * lock was not to be had within `timeoutMs`, with who holds it; whatever `pg` throws
 */
export async function migrate(
  pool: Pick<PgPool, "connect">,
  options: MigrateOptions = {},
): Promise<readonly number[]> {
  checkUpkeep("migrate", pool, options, OPTIONS);
  return migrateBy(pool, options, migrationsIn);
}

/** As {@link migrate}, with the steps given. */
export async function migrateBy(
  pool: Pick<PgPool, "connect">,
  options: MigrateOptions,
  stepsIn: (quoted: string) => readonly Step[],
): Promise<readonly number[]> {
  const { schema = "evt", monthsAhead = 3, now = new Date() } = options;
  const { lockTimeoutMs = 2_000, timeoutMs = 600_000 } = options;
  checkMonthsAhead(monthsAhead);
  checkTimeout("lockTimeoutMs", lockTimeoutMs);
  checkTimeout("timeoutMs", timeoutMs);
  const quoted = quotedSchema(schema);
  const run = { pool, schema, quoted, steps: stepsIn(quoted), patience: { lockTimeoutMs, timeoutMs } };
  return onConnection(pool, async (query) => {
    await checkServer(query);
    const applied = await runSteps(run, query);
    await inLockedTransaction(run, query, () =>
      patiently(quoted, "making partitions", run.patience, query, () =>
        makePartitions(quoted, now, monthsAhead, query),
      ),
    );
    return applied;
  });
}

function checkTimeout(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= MAX_TIMEOUT_MS) return;
  throw new TypeError(
    `${name} is ${String(value)}; it must be a whole number of milliseconds from 1 to ${MAX_TIMEOUT_MS}`,
  );
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

import { checkKnown } from "@evt/core/adapter";
import type { PgPool } from "./connection/pg-pool.js";
import { onConnection, type SqlQuery } from "./connection/transaction.js";
import { byHand } from "./migrations/by-hand.js";
import { type Migration, migrationsIn, type Step } from "./migrations/index.js";
import { retryingLocks } from "./migrations/lock-retries.js";
import { inLockedTransaction, runSteps } from "./migrations/run-steps.js";
import { quotedSchema } from "./options/schema-name.js";
import { makePartitions } from "./upkeep/month-partitions.js";
import { checkMonthsAhead, checkUpkeep } from "./upkeep/upkeep-options.js";

/** Options of {@link migrate}. */
export interface MigrateOptions {
  /** The schema in which the tables are created. @defaultValue "evt" */
  readonly schema?: string | undefined;
  /** Number of months that must have a partition, including the month of `now`. @defaultValue 3 */
  readonly monthsAhead?: number | undefined;
  /** An instant in the first month. Default: the current time. */
  readonly now?: Date | undefined;
  /**
   * Maximum time that one attempt waits for a lock, in milliseconds. Readers and writers of the table may have to wait
   * for as long, because they queue behind the attempt.
   * @defaultValue 2_000
   */
  readonly lockTimeoutMs?: number | undefined;
  /**
   * Maximum time to retry each step, and to wait for another process that migrates, in milliseconds.
   * @defaultValue 600_000
   */
  readonly timeoutMs?: number | undefined;
}

const OPTIONS = Object.keys({
  schema: true,
  monthsAhead: true,
  now: true,
  lockTimeoutMs: true,
  timeoutMs: true,
} satisfies Record<keyof MigrateOptions, true>);

/** The longest timeout that Postgres accepts, in milliseconds. */
const MAX_TIMEOUT_MS = 2_147_483_647;

/**
 * Returns every step with its SQL, to read or to run with another migration tool. Run the steps in order. They create the
 * same schema and journal as `migrate`, so a later `migrate` continues after them. The store creates partitions when it
 * needs them.
 *
 * A step that `migrate` runs in slices is one statement here. A missing index is built in one statement that blocks
 * writers until it ends. To avoid this, build the index concurrently before you run the step.
 * @throws TypeError if an option is unknown or invalid
 * @example
 * ```ts
 * for (const { version, name, sql } of migrations()) console.log(`-- ${version} ${name}\n${sql}`);
 * ```
 */
export function migrations(options: Pick<MigrateOptions, "schema"> = {}): readonly Migration[] {
  checkKnown("migrations", options, ["schema"]);
  const quoted = quotedSchema(options.schema ?? "evt");
  return migrationsIn(quoted).map((step) => byHand(quoted, step));
}

/**
 * Applies the missing steps, creates partitions for `monthsAhead` months, and returns the versions that it applied.
 *
 * Any number of processes may run `migrate` concurrently. Only one of them works at a time, and the others wait. After a
 * failure, run `migrate` again to continue with the first step that is not complete. While `migrate` waits for a lock,
 * other sessions may have to wait too. So each attempt ends after `lockTimeoutMs`, and the pauses between attempts grow.
 *
 * Needs the `create` privilege on the schema, and on the database if the schema does not exist. If there is nothing
 * to apply, the store's privileges are enough.
 * @throws TypeError if an option is unknown or invalid
 * @throws Error if the server is older than Postgres 15 or its encoding is not UTF8, if a step was applied with
 * different SQL, if the schema no longer supports this version of the package, or if a lock was not available within
 * `timeoutMs`
 * @throws any error that `pg` throws
 * @example
 * ```ts
 * const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
 * const applied = await migrate(pool);
 * console.log(`applied ${applied.length} migrations`);
 * ```
 */
export async function migrate(
  pool: Pick<PgPool, "connect">,
  options: MigrateOptions = {},
): Promise<readonly number[]> {
  checkUpkeep("migrate", pool, options, OPTIONS);
  return migrateBy(pool, options, migrationsIn);
}

/** Runs {@link migrate} with other steps, for tests. */
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
  const run = { pool, schema, quoted, steps: stepsIn(quoted), limits: { lockTimeoutMs, timeoutMs } };
  return onConnection(pool, async (query) => {
    await checkServer(query);
    const applied = await runSteps(run, query);
    await inLockedTransaction(run, query, () =>
      retryingLocks(quoted, "creating partitions", run.limits, query, () =>
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

/** Checks the server's version and encoding. A database with another encoding cannot store every character. */
async function checkServer(query: SqlQuery): Promise<void> {
  const [server] = await query(
    "select current_setting('server_version_num') as number, current_setting('server_version') as version, current_setting('server_encoding') as encoding",
  );
  const { number, version, encoding } = server ?? {};
  if (Number(number) < 150_000) throw new Error(`Postgres is ${version}; it must be 15 or later`);
  if (encoding !== "UTF8") throw new Error(`the database's encoding is ${encoding}; it must be UTF8`);
}

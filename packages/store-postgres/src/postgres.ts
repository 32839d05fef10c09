import { type MigrateOptions, migrate, migrations } from "./migrate.js";
import type { Migration } from "./migrations/index.js";
import { createOutbox } from "./outbox/create-outbox.js";
import type { Outbox, OutboxOptions } from "./outbox/outbox.js";
import {
  type FoldingState,
  type FoldingStateOptions,
  PostgresStore,
  type PostgresStoreOptions,
} from "./postgres-store.js";
import { checkDurability, type DurabilityWarning } from "./upkeep/check-durability.js";
import { type ForgetParkedOptions, forgetParked } from "./upkeep/forget-parked.js";
import { type Maintained, type MaintainOptions, maintain } from "./upkeep/maintain.js";
import { type MaintainEveryOptions, maintainEvery } from "./upkeep/maintain-every.js";
import { type Recount, type RecountOptions, recount } from "./upkeep/recount.js";
import { type PrunedMonth, type RetainOptions, retain } from "./upkeep/retain.js";

/** The options of a function without those that {@link postgres} sets. */
type Bound<Options> = Omit<Options, "pool" | "schema">;

/** The store for one pool and schema, and the functions that work on them. */
export interface Postgres {
  /** The store, for `createEvt({ store })`. Closing evt closes it. */
  readonly store: PostgresStore;
  /** Runs the function `migrate`. */
  migrate(options?: Bound<MigrateOptions>): Promise<readonly number[]>;
  /** Runs the function `migrations`. */
  migrations(): readonly Migration[];
  /** Runs the function `createOutbox`. */
  outbox(options: Bound<OutboxOptions>): Outbox;
  /** Runs the function `maintain`. */
  maintain(options?: Bound<MaintainOptions>): Promise<Maintained>;
  /** Runs the function `maintainEvery`. */
  maintainEvery(ms: number, options: Bound<MaintainEveryOptions>): () => Promise<void>;
  /** Runs the store's method `foldingState`. */
  foldingState(options?: FoldingStateOptions): Promise<FoldingState>;
  /** Runs the function `retain`. */
  retain(options: Bound<RetainOptions>): Promise<readonly PrunedMonth[]>;
  /** Runs the function `recount`. */
  recount(options: Bound<RecountOptions>): Promise<Recount>;
  /** Runs the function `forgetParked`. */
  forgetParked(options: Bound<ForgetParkedOptions>): Promise<number>;
  /** Runs the function `checkDurability`. */
  checkDurability(): Promise<readonly DurabilityWarning[]>;
}

/**
 * Binds a pool and a schema once. Returns the store, and `migrate`, the outbox and upkeep for the same pool and schema.
 * @throws TypeError if an option is unknown or invalid
 * @example
 * ```ts
 * const db = postgres({ pool, schema: "evt" });
 * await db.migrate();
 *
 * const evt = createEvt({ store: db.store });
 * const outbox = db.outbox({ evt });
 * const stop = db.maintainEvery(600_000, { onError: console.error });
 * ```
 */
export function postgres(options: PostgresStoreOptions): Postgres {
  const store = new PostgresStore(options);
  const { pool, schema = "evt" } = options;
  const bind = <Options extends object>(what: string, given: Options): Options & { schema: string } => {
    for (const name of ["pool", "schema"])
      if (Object.hasOwn(Object(given), name))
        throw new TypeError(`${what} has no option "${name}" here; postgres() sets it`);
    return { ...given, schema };
  };
  return {
    store,
    migrate: async (given = {}) => migrate(pool, bind("migrate", given)),
    migrations: () => migrations({ schema }),
    outbox: (given) => createOutbox({ ...bind("outbox", given), pool }),
    maintain: async (given = {}) => maintain(pool, bind("maintain", given)),
    maintainEvery: (ms, given) => maintainEvery(pool, ms, bind("maintainEvery", given)),
    foldingState: (given) => store.foldingState(given),
    retain: async (given) => retain(pool, bind("retain", given)),
    recount: async (given) => recount(pool, bind("recount", given)),
    forgetParked: async (given) => forgetParked(pool, bind("forgetParked", given)),
    checkDurability: () => checkDurability(pool, { schema }),
  };
}

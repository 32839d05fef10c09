// The public API, all for applications.

// The types of a pool. `pg.Pool` matches them.
export type { PgClient, PgPool, PgQuery, PgResult } from "./connection/pg-pool.js";
export type { MigrateOptions } from "./migrate.js";
export { migrate, migrations } from "./migrate.js";
export type { Migration } from "./migrations/index.js";
export { createOutbox } from "./outbox/create-outbox.js";
export type { TransactionClient } from "./outbox/enqueue.js";
export type { Outbox, OutboxOptions, RelayEveryOptions, RelayOptions } from "./outbox/outbox.js";
export type { Relayed } from "./outbox/relay.js";
export type { Postgres } from "./postgres.js";
export { postgres } from "./postgres.js";
export type { FoldingState, FoldingStateOptions, PostgresStoreOptions } from "./postgres-store.js";
export { PostgresStore } from "./postgres-store.js";
export type { FoldedSlice, FolderState } from "./totals/folder.js";
export type { Unfolded } from "./totals/unfolded.js";
export type { DurabilityWarning } from "./upkeep/check-durability.js";
export { checkDurability } from "./upkeep/check-durability.js";
export type { ForgetParkedOptions } from "./upkeep/forget-parked.js";
export { forgetParked } from "./upkeep/forget-parked.js";
export type { Maintained, MaintainOptions } from "./upkeep/maintain.js";
export { maintain } from "./upkeep/maintain.js";
export type { MaintainEveryOptions } from "./upkeep/maintain-every.js";
export { maintainEvery } from "./upkeep/maintain-every.js";
export type { Difference, Recount, RecountOptions } from "./upkeep/recount.js";
export { recount } from "./upkeep/recount.js";
export type { KeptMonth, PrunedMonth, RetainOptions } from "./upkeep/retain.js";
export { retain } from "./upkeep/retain.js";

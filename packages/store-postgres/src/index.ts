// For applications.

export type { MigrateOptions } from "./migrate.js";
export { migrate, migrations } from "./migrate.js";
export type { Migration } from "./migrations/index.js";
// What a pool must look like; `pg`'s does.
export type { PgClient, PgPool, PgQuery, PgResult } from "./pg-pool.js";
export type { PostgresStoreOptions } from "./postgres-store.js";
export { PostgresStore } from "./postgres-store.js";

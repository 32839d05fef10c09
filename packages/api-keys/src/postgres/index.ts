export type { MigrateApiKeysOptions } from "./migrate-api-keys.js";
export { migrateApiKeys } from "./migrate-api-keys.js";
export type { PostgresApiKeyStoreOptions } from "./postgres-key-store.js";
export { PostgresApiKeyStore } from "./postgres-key-store.js";

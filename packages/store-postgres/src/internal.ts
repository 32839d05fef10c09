/**
 * The parts of this package that `@evt/webhooks` and `@evt/api-keys` use.
 *
 * **Not covered by semantic versioning**: any release may change or remove these exports. Applications import from
 * `@evt/store-postgres`.
 */

export { Connections, type Gate, type Query, type Session } from "./connection/connections.js";
export { inTransaction, onConnection, type SqlQuery } from "./connection/transaction.js";
export { retryingLocks } from "./migrations/lock-retries.js";
export { quotedSchema } from "./options/schema-name.js";
export { repeat } from "./time/repeat.js";

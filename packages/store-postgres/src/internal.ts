/**
 * The parts of this package that `@evt/webhooks` uses.
 *
 * **Not covered by semantic versioning**: any release may change or remove these exports. Applications import from
 * `@evt/store-postgres`.
 */

export { inTransaction, onConnection, type SqlQuery } from "./connection/transaction.js";
export { retryingLocks } from "./migrations/lock-retries.js";
export { quotedSchema } from "./options/schema-name.js";
export { repeat } from "./time/repeat.js";

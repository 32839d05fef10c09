export { copyAsStandby } from "./copy-as-standby.js";
export { type LocalPostgres, type LocalPostgresOptions, startLocalPostgres } from "./start-local-postgres.js";

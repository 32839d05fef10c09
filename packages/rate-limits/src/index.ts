export type { AddressBehindProxiesOptions, ForwardedRequest } from "./address-behind-proxies.js";
export { addressBehindProxies } from "./address-behind-proxies.js";
export type { Quotas, RateLimitsOptions } from "./create-rate-limits.js";
export { createRateLimits } from "./create-rate-limits.js";
export { memoryCounters } from "./memory-counters.js";
export type {
  MigrateRateLimitsOptions,
  PostgresCountersOptions,
  SqlPool,
} from "./postgres-counters.js";
export { migrateRateLimits, postgresCounters } from "./postgres-counters.js";
export type { CountedPoints, CounterStore, RateCounter, RatePolicy } from "./rate-counter.js";

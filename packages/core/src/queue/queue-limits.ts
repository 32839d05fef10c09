import type { BatchLimits } from "./waiting-line.js";

/** Limits of inserts in flight and of waiting records. */
export interface QueueLimits extends BatchLimits {
  /**
   * Maximum number of inserts in flight. If other tenants use all of them, a tenant without an insert may start one more.
   * Tenants with slow inserts within the last minute get half of the inserts while other tenants wait.
   * @defaultValue 6
   */
  readonly batchesInFlight: number;
  /**
   * Maximum number of waiting records. Further calls are refused with `EVT_OVERLOADED`. If the queue is full, a tenant
   * may still add records until it has a quarter of this number waiting. The total may then exceed the limit by up to a
   * quarter. So one tenant cannot fill the queue for all tenants.
   * @defaultValue 20_000
   */
  readonly waitingRecords: number;
  /**
   * Maximum size of waiting raw events, in characters. The same rule applies to a tenant's share.
   * @defaultValue 67_108_864
   */
  readonly waitingChars: number;
}

export const DEFAULT_QUEUE: QueueLimits = {
  batchRecords: 500,
  batchChars: 4 * 2 ** 20,
  batchesInFlight: 6,
  waitingRecords: 20_000,
  waitingChars: 64 * 2 ** 20,
};

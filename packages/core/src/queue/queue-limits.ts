import type { BatchLimits } from "./waiting-line.js";

/** Limits of inserts in flight and of waiting records. */
export interface QueueLimits extends BatchLimits {
  /**
   * Maximum number of inserts in flight. If other tenants take up all of them, one more may begin for a tenant that has
   * none. Tenants whose inserts were slow within the last minute get half of them while others wait.
   * @defaultValue 6
   */
  readonly batchesInFlight: number;
  /**
   * Maximum number of waiting records. Further calls are refused with `EVT_OVERLOADED`. A tenant with less than a quarter
   * of it may exceed it by a quarter, so that one tenant cannot fill the queue for all.
   * @defaultValue 20_000
   */
  readonly waitingRecords: number;
  /** Maximum size of waiting raw events, in characters, by the same rule. @defaultValue 67_108_864 */
  readonly waitingChars: number;
}

export const DEFAULT_QUEUE: QueueLimits = {
  batchRecords: 500,
  batchChars: 4 * 2 ** 20,
  batchesInFlight: 6,
  waitingRecords: 20_000,
  waitingChars: 64 * 2 ** 20,
};

import type { BatchLimits } from "./waiting-line.js";

/** Limits on inserts in flight and on waiting records. */
export interface QueueLimits extends BatchLimits {
  /**
   * Maximum number of inserts in flight. If other tenants use all of them, a tenant without an insert may start one
   * more. While other tenants wait, all tenants whose inserts were slow in the last minute together get at most half of
   * the inserts.
   * @defaultValue 6
   */
  readonly batchesInFlight: number;
  /**
   * Maximum number of waiting records. Further calls are refused with `EVT_OVERLOADED`. A call with more records than
   * this is accepted only if the queue is empty. So that one tenant cannot fill the queue for all, a tenant with few
   * waiting records may still add records to a full queue, up to a quarter of this number. The total then exceeds the
   * limit by up to a quarter.
   * @defaultValue 20_000
   */
  readonly waitingRecords: number;
  /**
   * Maximum size of waiting records, in characters: their raw events, plus 400 for each record. As with
   * `waitingRecords`, a tenant may use a quarter of this size although the queue is full.
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

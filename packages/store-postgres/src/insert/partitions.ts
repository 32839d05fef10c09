import { type EventRecord, EvtError } from "@evt/core/store";
import type { Query } from "../connection/connections.js";
import { isMissingPartition } from "../connection/sqlstate.js";
import type { Prepare, Statement } from "../connection/statement.js";

/** The partitions of `event`. Each contains the events that were received in one month (UTC). */
export class Partitions {
  readonly #make: Statement;

  constructor(schema: string, prepare: Prepare) {
    this.#make = prepare(`select ${schema}.make_partition($1::timestamptz)`);
  }

  /**
   * Runs `insert`. If it fails because a partition is missing, creates the partitions of the records' months and runs
   * `insert` again. While other sessions create the same partition, a session may not see it yet, so there are several
   * tries. Nothing is wrong with the records, so they must not be refused.
   * @throws EvtError `EVT_STORE_UNAVAILABLE` if the partition cannot be created, or is missing after the last try
   */
  async retrying<T>(records: readonly EventRecord[], query: Query, insert: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await insert();
      } catch (error) {
        if (!isMissingPartition(error)) throw error;
        if (tries === TRIES) throw stillMissing(error);
      }
      const months = new Set(records.map(monthOf));
      for (const month of months) await query(this.#make.with(month));
    }
  }
}

const TRIES = 4;

function stillMissing(cause: unknown): EvtError {
  const message = "a partition of the table event is missing, although make_partition has created it";
  return new EvtError("EVT_STORE_UNAVAILABLE", message, { cause });
}

/**
 * Returns the start of the month in which the record was received.
 * @throws EvtError `EVT_STORE_UNAVAILABLE` if the year is not from 1 to 9999. Then the host's clock is wrong.
 */
function monthOf({ receivedAt }: EventRecord): string {
  if (/^(?!0000)\d{4}-/.test(receivedAt)) return `${receivedAt.slice(0, 7)}-01T00:00:00Z`;
  const message = `an event was received at ${receivedAt}; it must be in the years 1 to 9999: check the clock of this host`;
  throw new EvtError("EVT_STORE_UNAVAILABLE", message);
}

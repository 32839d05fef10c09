import type { EventRecord } from "@evt/core";
import type { Ask } from "../connection/connections.js";
import { isMissingPartition } from "../connection/sqlstate.js";
import type { Prepare, Statement } from "../connection/statement.js";

/** The partitions of `event`, one for each month of receipt. */
export class Partitions {
  readonly #make: Statement;

  constructor(schema: string, prepare: Prepare) {
    this.#make = prepare(`select ${schema}.make_partition($1::timestamptz)`);
  }

  /** Does `insert`; where a month of the records has no partition yet, makes it and does it again. */
  async retrying<T>(records: readonly EventRecord[], ask: Ask, insert: () => Promise<T>): Promise<T> {
    try {
      return await insert();
    } catch (error) {
      if (!isMissingPartition(error)) throw error;
    }
    const months = new Set(records.map(({ receivedAt }) => `${receivedAt.slice(0, 7)}-01T00:00:00Z`));
    for (const month of months) await ask(this.#make.with(month));
    return insert();
  }
}

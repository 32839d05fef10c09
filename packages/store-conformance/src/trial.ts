import assert from "node:assert/strict";
import {
  type AggregateQuery,
  type AggregateRow,
  type Entry,
  type EntryQuery,
  type EventRecord,
  type Holder,
  type InsertOutcome,
  isEvtError,
  type ParkedEvent,
  type ReplayStore,
  type Store,
  type StoreCall,
} from "@evt/core/store";
import type { StoreUnderTest } from "./harness.js";
import { withLeftOutRaws } from "./left-out-raws.js";
import { Samples, TENANT, verdicts } from "./samples.js";

const EVERY_STATUS = ["processed", "rejected", "conflict", "failed"] as const;
const CONTENDED_ATTEMPTS = 50;

/** The tools of one test: a new store, samples for it, and short forms of its calls. */
export class Trial extends Samples {
  readonly #created: StoreUnderTest;
  #store: Store;

  constructor(created: StoreUnderTest) {
    super();
    this.#created = created;
    this.#store = created.store;
  }

  /** A call without a deadline. */
  get call(): StoreCall {
    return { signal: new AbortController().signal };
  }

  get store(): Store {
    return this.#store;
  }

  get replays(): ReplayStore {
    assert.ok(this.#created.replay !== undefined, "create() returns a store that replays");
    return this.#created.replay;
  }

  /** Does the store's upkeep, if it has any. */
  async upkeep(): Promise<void> {
    await this.#created.upkeep?.();
  }

  /**
   * Inserts records in one call. Repeats the call after `EVT_STORE_CONTENDED`, up to 50 attempts in all. Reads the
   * raw events that the outcomes omit.
   */
  async insert(...records: readonly EventRecord[]): Promise<readonly InsertOutcome[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await withLeftOutRaws(await this.store.insert(records, this.call), this.store, this.call);
      } catch (error) {
        if (!isEvtError(error, "EVT_STORE_CONTENDED") || attempt === CONTENDED_ATTEMPTS) throw error;
      }
    }
  }

  /**
   * Inserts records in one call. Returns `inserted` for each inserted record, or the ID of the event that holds its
   * identity.
   */
  async verdicts(...records: readonly EventRecord[]): Promise<string[]> {
    return verdicts(await this.insert(...records));
  }

  /** Inserts one record and returns its outcome. */
  async insertOne(record: EventRecord): Promise<InsertOutcome> {
    const [outcome, ...more] = await this.insert(record);
    assert.ok(outcome !== undefined && more.length === 0, "one record has one outcome");
    return outcome;
  }

  /** Returns the holder of each record's identity. */
  async holders(...records: readonly EventRecord[]): Promise<readonly (Holder | null)[]> {
    return this.store.holders(records, this.call);
  }

  async park(...events: readonly ParkedEvent[]): Promise<void> {
    await this.store.park(events, this.call);
  }

  async get(id: string, tenantId = TENANT): Promise<Entry | null> {
    const [entry = null] = await this.store.get(tenantId, [id], this.call);
    return entry;
  }

  async getParked(id: string, tenantId = TENANT): Promise<ParkedEvent> {
    const entry = await this.get(id, tenantId);
    assert.ok(entry !== null && entry.status !== "processed", `${id} is a parked event`);
    return entry;
  }

  /** Lists the first 2,000 entries of every status, unless the query sets other values. */
  async list(query: Partial<EntryQuery> = {}): Promise<readonly Entry[]> {
    const full: EntryQuery = { tenantId: TENANT, statuses: EVERY_STATUS, limit: 2_000, ...query };
    return (await this.store.list(full, this.call)).entries;
  }

  async listedIds(query: Partial<EntryQuery> = {}): Promise<readonly string[]> {
    return (await this.list(query)).map(({ id }) => id);
  }

  /** Returns one row for all counted events of the tenant, unless the query sets other values. */
  async totals(query: Partial<AggregateQuery> = {}): Promise<readonly AggregateRow[]> {
    const full: AggregateQuery = {
      tenantId: TENANT,
      byClientId: false,
      byMetric: false,
      limit: 2_000,
      ...query,
    };
    return this.store.aggregate(full, this.call);
  }

  async counted(query: Partial<AggregateQuery> = {}): Promise<number> {
    return (await this.totals(query)).reduce((sum, { count }) => sum + count, 0);
  }

  async reopen(): Promise<void> {
    assert.ok(this.#created.reopen !== undefined, "the harness can reopen the store");
    this.#store = await this.#created.reopen();
  }

  async prune(tenantId = TENANT): Promise<void> {
    assert.ok(this.#created.prune !== undefined, "the harness can prune the store");
    await this.#created.prune(tenantId);
  }

  poison(record: EventRecord): EventRecord {
    assert.ok(this.#created.poison !== undefined, "the harness can create a record that is refused");
    return this.#created.poison(record);
  }
}

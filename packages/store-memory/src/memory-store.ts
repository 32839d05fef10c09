import {
  type AggregateQuery,
  type AggregateRow,
  type Entry,
  type EntryPage,
  type EntryQuery,
  type EventRecord,
  EvtError,
  type Holder,
  type InsertOutcome,
  type NameQuery,
  type ParkedEvent,
  type ReasonCount,
  type ReasonQuery,
  type Replay,
  type ReplayAttempt,
  type ReplayOutcome,
  type ReplayStore,
  type SeenName,
  type StoreCall,
} from "@evt/core/store";
import { RawBudget } from "./raw-budget.js";
import { TenantEvents } from "./tenant-events.js";

/**
 * A {@link ReplayStore} in the memory of one process, for tests, examples and small tools. It passes all tests of
 * `@evt/store-conformance`. Its data is lost when the process ends.
 *
 * Each call takes effect in one step. A call whose signal was already aborted has no effect. Returned entries are frozen.
 *
 * @example
 * ```ts
 * const evt = createEvt({ store: new MemoryStore() });
 * const { outcome } = await evt.tenant("acme").ingest({ client: "shop", metric: "purchase", amount: "12.50" });
 * ```
 */
export class MemoryStore implements ReplayStore {
  readonly #tenants = new Map<string, TenantEvents>();

  async insert(records: readonly EventRecord[], call: StoreCall): Promise<readonly InsertOutcome[]> {
    throwIfAborted(call);
    const seen = new Set<string>();
    return records.map((record) => {
      // different pairs have different keys, because an identity always has 64 hex digits
      const key = record.identity + record.tenantId;
      const first = !seen.has(key);
      seen.add(key);
      return this.#tenant(record.tenantId).insert(record, first);
    });
  }

  async park(events: readonly ParkedEvent[], call: StoreCall): Promise<void> {
    throwIfAborted(call);
    for (const event of events) this.#tenant(event.tenantId).park(event);
  }

  async holders(records: readonly EventRecord[], call: StoreCall): Promise<readonly (Holder | null)[]> {
    throwIfAborted(call);
    const budget = new RawBudget(call.rawChars);
    return records.map((record) => {
      const holder = this.#tenants.get(record.tenantId)?.holder(record) ?? null;
      return holder?.event ? { ...holder, event: budget.bound(holder.event) } : holder;
    });
  }

  async get(tenantId: string, ids: readonly string[], call: StoreCall): Promise<readonly (Entry | null)[]> {
    throwIfAborted(call);
    const tenant = this.#tenants.get(tenantId);
    const budget = new RawBudget(call.rawChars);
    return ids.map((id) => {
      const entry = tenant?.get(id) ?? null;
      return entry && budget.bound(entry);
    });
  }

  async list(query: EntryQuery, call: StoreCall): Promise<EntryPage> {
    throwIfAborted(call);
    return this.#tenants.get(query.tenantId)?.list(query, call.rawChars) ?? { entries: [], more: false };
  }

  /** Does nothing, because this store computes all totals from its events. */
  keepTotals(): void {}

  async aggregate(query: AggregateQuery, call: StoreCall): Promise<readonly AggregateRow[]> {
    throwIfAborted(call);
    call.onTotalsFrom?.("events");
    return this.#tenants.get(query.tenantId)?.aggregate(query) ?? [];
  }

  async names(query: NameQuery, call: StoreCall): Promise<readonly SeenName[]> {
    throwIfAborted(call);
    return this.#tenants.get(query.tenantId)?.names(query) ?? [];
  }

  async replay(replays: readonly Replay[], call: StoreCall): Promise<readonly ReplayOutcome[]> {
    throwIfAborted(call);
    const seen = new Set<string>();
    return replays.map((replay) => {
      const { tenantId, identity } = replay.record;
      const first = !seen.has(identity + tenantId);
      seen.add(identity + tenantId);
      return this.#tenant(tenantId).replay(replay, first);
    });
  }

  async note(tenantId: string, attempts: readonly ReplayAttempt[], call: StoreCall): Promise<void> {
    throwIfAborted(call);
    for (const attempt of attempts) this.#tenant(tenantId).note(attempt);
  }

  async history(tenantId: string, id: string, call: StoreCall): Promise<readonly ReplayAttempt[]> {
    throwIfAborted(call);
    return this.#tenants.get(tenantId)?.history(id) ?? [];
  }

  async reasons(query: ReasonQuery, call: StoreCall): Promise<readonly ReasonCount[]> {
    throwIfAborted(call);
    return this.#tenants.get(query.tenantId)?.reasons(query) ?? [];
  }

  async ping(call: StoreCall): Promise<void> {
    throwIfAborted(call);
  }

  /** Does nothing, because the store opened no resources. The store can still be used. */
  async close(): Promise<void> {}

  #tenant(tenantId: string): TenantEvents {
    const known = this.#tenants.get(tenantId);
    if (known !== undefined) return known;
    const tenant = new TenantEvents();
    this.#tenants.set(tenantId, tenant);
    return tenant;
  }
}

function throwIfAborted({ signal }: StoreCall): void {
  if (!signal.aborted) return;
  throw new EvtError("EVT_STORE_UNAVAILABLE", "the call was aborted before it began; nothing was stored", {
    cause: signal.reason,
  });
}

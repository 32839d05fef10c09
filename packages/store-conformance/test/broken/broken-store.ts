import { setImmediate } from "node:timers/promises";
import type { Entry, EventRecord, InsertOutcome, ParkedEvent, Store } from "@evt/core/store";
import type { ObligationId } from "@evt/store-conformance";
import { altered, type BreakReplay } from "../able-store.js";

/** A store that does one thing wrong, as real stores do. */
export interface BrokenStore {
  /** The mistake, as the rest of the sentence "a store …". */
  readonly how: string;
  /** The obligations whose tests fail: first the one that the store breaks, then those that depend on it. */
  readonly fails: readonly [ObligationId, ...ObligationId[]];
  readonly broken: (store: Store) => Store;
  /** Set if a replay method is wrong. */
  readonly brokenReplay?: BreakReplay;
}

/** Returns a store that inserts changed records. */
export function sending(store: Store, sent: (record: EventRecord) => EventRecord): Store {
  return altered(store, { insert: (records, call) => store.insert(records.map(sent), call) });
}

/** Returns a store with changed outcomes. */
export function withOutcomes(
  store: Store,
  changed: (outcome: InsertOutcome, record: EventRecord) => InsertOutcome,
): Store {
  return altered(store, {
    insert: async (records, call) => {
      const outcomes = await store.insert(records, call);
      return records.flatMap((record, index) => {
        const outcome = outcomes[index];
        return outcome === undefined ? [] : [changed(outcome, record)];
      });
    },
  });
}

/** Returns a store that shows changed entries. `null` omits an entry. */
export function showing(store: Store, shown: (entry: Entry) => Entry | null): Store {
  return altered(store, {
    get: async (tenantId, ids, call) =>
      (await store.get(tenantId, ids, call)).map((entry) => (entry === null ? null : shown(entry))),
    list: async (query, call) => {
      const page = await store.list(query, call);
      return { ...page, entries: page.entries.flatMap((entry) => shown(entry) ?? []) };
    },
  });
}

/** Returns a store that parks changed events. */
export function parking(store: Store, parked: (event: ParkedEvent) => ParkedEvent): Store {
  return altered(store, { park: (events, call) => store.park(events.map(parked), call) });
}

export function isParked(entry: Entry): entry is ParkedEvent {
  return entry.status !== "processed";
}

export function isTaken(outcome: InsertOutcome): outcome is Extract<InsertOutcome, { outcome: "taken" }> {
  return outcome.outcome === "taken";
}

export function key({ tenantId, identity }: { tenantId: string; identity: string | null }): string {
  return JSON.stringify([tenantId, identity]);
}

export { setImmediate as aMoment };

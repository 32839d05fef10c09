import { setImmediate } from "node:timers/promises";
import type { Entry, EventRecord, InsertOutcome, ParkedEvent, Store } from "@evt/core";
import type { ObligationId } from "@evt/store-conformance";
import { altered, type BreakReplay } from "../able-store.js";

/** A store that does one thing wrong, as stores in the field do. */
export interface BrokenStore {
  readonly how: string;
  /** The numbers whose tests fail: first the one that it breaks, then those that cannot hold without it. */
  readonly fails: readonly [ObligationId, ...ObligationId[]];
  readonly broken: (store: Store) => Store;
  /** Where it is replaying that is done wrong. */
  readonly brokenReplay?: BreakReplay;
}

/** Sends other records than it was given. */
export function sending(store: Store, sent: (record: EventRecord) => EventRecord): Store {
  return altered(store, { insert: (records, call) => store.insert(records.map(sent), call) });
}

/** Answers otherwise than it was answered. */
export function answering(
  store: Store,
  answered: (outcome: InsertOutcome, record: EventRecord) => InsertOutcome,
): Store {
  return altered(store, {
    insert: async (records, call) => {
      const outcomes = await store.insert(records, call);
      return records.flatMap((record, index) => {
        const outcome = outcomes[index];
        return outcome === undefined ? [] : [answered(outcome, record)];
      });
    },
  });
}

/** Shows entries otherwise than they are; `null` leaves one out. */
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

/** Parks other events than it was given. */
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

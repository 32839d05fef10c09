import type { EventRecord, ParkedEvent, Store } from "@evt/core/store";
import { expectedPage } from "../../src/model/expected-page.js";
import { altered } from "../able-store.js";
import { aMoment, type BrokenStore, isParked, key, parking, sending, showing } from "./broken-store.js";

/** Parks some failures so that the wrapped store never finds their event. */
function unresolvable(store: Store, isHidden: (event: ParkedEvent) => boolean): Store {
  const identities = new Map<string, string | null>();
  const parked = parking(store, (event) => {
    if (!isHidden(event)) return event;
    identities.set(event.id, event.identity);
    return { ...event, identity: "0".repeat(64) };
  });
  return showing(parked, (entry) =>
    isParked(entry) && identities.has(entry.id)
      ? { ...entry, identity: identities.get(entry.id) ?? null }
      : entry,
  );
}

class Lists<T> {
  readonly #lists = new Map<string, T[]>();

  of(key: string): readonly T[] {
    return this.#lists.get(key) ?? [];
  }

  add(key: string, item: T): void {
    this.#lists.set(key, [...this.of(key), item]);
  }
}

/** Also resolves parked events that should remain open, by records inserted before or after them. */
function resolvingAlso(
  store: Store,
  isResolved: (event: ParkedEvent, by: EventRecord, late: boolean) => boolean,
): Store {
  const inserted = new Lists<EventRecord>();
  const parked = new Lists<ParkedEvent>();
  const resolved = new Set<string>();
  return altered(store, {
    insert: async (records, call) => {
      const outcomes = await store.insert(records, call);
      for (const record of records) {
        const found = parked.of(key(record)).filter((event) => isResolved(event, record, false));
        for (const { id } of found) resolved.add(id);
        inserted.add(key(record), record);
      }
      return outcomes;
    },
    park: async (events, call) => {
      await store.park(events, call);
      for (const event of events) {
        const isKnown = inserted.of(key(event)).some((record) => isResolved(event, record, true));
        if (isKnown) resolved.add(event.id);
        else resolved.delete(event.id);
        parked.add(key(event), event);
      }
    },
    get: async (tenantId, ids, call) =>
      (await store.get(tenantId, ids, call)).map((entry) =>
        entry !== null && isParked(entry) && resolved.has(entry.id)
          ? { ...entry, resolvedAt: entry.lastAttemptAt }
          : entry,
      ),
    list: async (query, call) => {
      const { skip: _, ...all } = query;
      const { entries } = await store.list({ ...all, limit: 1_000_000 }, { signal: call.signal });
      const open = entries.filter(({ id }) => !resolved.has(id));
      return expectedPage(open, query, call.rawChars);
    },
  });
}

/** Stores that break S8 or S9. */
export const brokenParking: readonly BrokenStore[] = [
  {
    how: "never resolves a failure by an insert",
    fails: ["S8", "S9", "S10", "S5b", "model", "S16", "S17"],
    broken: (store) => {
      const inserted = new Set<string>();
      const noting = sending(store, (record) => {
        inserted.add(key(record));
        return record;
      });
      return unresolvable(noting, (event) => event.status === "failed" && !inserted.has(key(event)));
    },
  },
  {
    how: "resolves failures of any content with the identity",
    fails: ["S8", "model"],
    broken: (store) => resolvingAlso(store, ({ status }, _, late) => status === "failed" && !late),
  },
  {
    how: "also resolves rejected and conflicting events",
    fails: ["S8", "S9", "S10", "model"],
    broken: (store) =>
      resolvingAlso(
        store,
        (event, { fingerprint }) => event.status !== "failed" && event.fingerprint === fingerprint,
      ),
  },
  {
    how: "resolves a failure in a second step after the insert",
    fails: ["S8", "S9", "model", "S16", "S17"],
    broken: (store) => {
      const inserted = new Set<string>();
      const open = unresolvable(store, (event) => event.status === "failed" && !inserted.has(key(event)));
      const slow = altered(open, {
        insert: async (records, call) => {
          const outcomes = await open.insert(records, call);
          for (const record of records) inserted.add(key(record));
          await aMoment();
          return outcomes;
        },
      });
      return resolvingAlso(
        slow,
        ({ status, fingerprint }, by, late) => status === "failed" && !late && fingerprint === by.fingerprint,
      );
    },
  },
  {
    how: "leaves a failure open although its event is already counted",
    fails: ["S9", "S8", "model"],
    broken: (store) => {
      const inserted = new Set<string>();
      const noting = sending(store, (record) => {
        inserted.add(key(record));
        return record;
      });
      return unresolvable(noting, (event) => inserted.has(key(event)));
    },
  },
  {
    how: "resolves a failure by a lapsed claim",
    fails: ["S9", "S8", "model"],
    broken: (store) =>
      resolvingAlso(
        store,
        ({ status, fingerprint }, by, late) => status === "failed" && late && fingerprint === by.fingerprint,
      ),
  },
  {
    how: "leaves a failure open although its event was parked as conflict or rejected",
    fails: ["S9", "model"],
    broken: (store) => unresolvable(store, ({ status }) => status === "conflict" || status === "rejected"),
  },
  {
    how: "forgets the vouched client of a parked event",
    fails: ["S9", "S10", "model"],
    broken: (store) => parking(store, (event) => ({ ...event, vouchedClientId: null })),
  },
  {
    how: "forgets the key that was given with a parked event",
    fails: ["S9"],
    broken: (store) => parking(store, (event) => ({ ...event, givenKey: null })),
  },
  {
    how: "moves a parked event to its last arrival",
    fails: ["S9", "model"],
    broken: (store) =>
      showing(store, (entry) => (isParked(entry) ? { ...entry, receivedAt: entry.lastAttemptAt } : entry)),
  },
  {
    how: "counts only the first attempt",
    fails: ["S9", "S5b", "S13", "model"],
    broken: (store) => showing(store, (entry) => (isParked(entry) ? { ...entry, attempts: 1 } : entry)),
  },
  {
    how: "parks twins in a call once",
    fails: ["S9", "S13", "S5b", "model"],
    broken: (store) =>
      altered(store, {
        park: (events, call) => {
          const last = new Map(events.map((event) => [event.tenantId + event.id, event]));
          return store.park([...last.values()], call);
        },
      }),
  },
  {
    how: "loses concurrent attempts",
    fails: ["S9"],
    broken: (store) => {
      const writing = new Set<string>();
      return altered(store, {
        park: async (events, call) => {
          const written = events.filter(({ id }) => !writing.has(id));
          for (const { id } of written) writing.add(id);
          await aMoment();
          await store.park(written, call);
          for (const { id } of written) writing.delete(id);
        },
      });
    },
  },
  {
    how: "replaces the raw event by the raw event of a later attempt",
    fails: ["S9", "model"],
    broken: (store) => {
      const latest = new Map<string, string | null>();
      const noting = parking(store, (event) => {
        latest.set(event.id, event.rawJson);
        return event;
      });
      return showing(noting, (entry) =>
        isParked(entry) && !entry.rawOmitted ? { ...entry, rawJson: latest.get(entry.id) ?? null } : entry,
      );
    },
  },
];

import {
  type AggregateRow,
  type Entry,
  type EntryQuery,
  reasonsOf,
  type Store,
  type StoreCall,
} from "@evt/core/store";
import { MemoryStore } from "@evt/store-memory";
import { altered } from "../able-store.js";
import { aMoment, type BrokenStore, isParked, isTaken, sending, withOutcomes } from "./broken-store.js";

const EVERYTHING = { limit: 1_000_000 };

/** Returns a store that lists in another order, or with another query. */
function listing(
  store: Store,
  order: (left: Entry, right: Entry) => number,
  query: (query: EntryQuery) => EntryQuery = (same) => same,
): Store {
  return altered(store, {
    list: async (asked, call) => {
      const { after: _, ...rest } = query(asked);
      const { entries } = await store.list({ ...rest, ...EVERYTHING }, call);
      const sorted = [...entries].sort(order);
      const start = asked.after === undefined ? 0 : sorted.findIndex(({ id }) => id === asked.after?.id) + 1;
      return { entries: sorted.slice(start, start + asked.limit), more: sorted.length > start + asked.limit };
    },
  });
}

/** Returns a store that lists with a changed query. */
function askingFor(store: Store, asked: (query: EntryQuery) => EntryQuery): Store {
  return altered(store, { list: (query, call) => store.list(asked(query), call) });
}

/** Returns a store that matches reasons differently. */
function listingForReason(store: Store, matches: (entry: Entry, reason: string) => boolean): Store {
  return altered(store, {
    list: async (query, call) => {
      const { reason, limit, ...rest } = query;
      if (reason === undefined) return store.list(query, call);
      const { entries } = await store.list({ ...rest, ...EVERYTHING }, call);
      const shown = entries.filter((entry) => matches(entry, reason));
      return { entries: shown.slice(0, limit), more: shown.length > limit };
    },
  });
}

function counting(store: Store, counted: (row: AggregateRow) => AggregateRow): Store {
  return altered(store, {
    aggregate: async (query, call) => (await store.aggregate(query, call)).map(counted),
  });
}

/** Omits raw events beyond a call's limit. */
function roomFor({ rawChars = Number.POSITIVE_INFINITY }: StoreCall): (entry: Entry) => Entry {
  let left = rawChars;
  return (entry) => {
    if (entry.rawJson === null) return entry;
    left -= entry.rawJson.length;
    return left >= 0 ? entry : { ...entry, rawJson: null, rawOmitted: true };
  };
}

function unmarked<E extends Entry>(entry: E): E {
  const { rawOmitted: _, ...unmarked } = entry;
  return unmarked as unknown as E;
}

type Asked = Parameters<Store["aggregate"]>[0];

function totalling(store: Store, asked: (query: Asked) => Asked): Store {
  return altered(store, { aggregate: (query, call) => store.aggregate(asked(query), call) });
}

function by(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

function onTheQuarter(instant: string): string {
  const quarter = 15 * 60_000;
  return new Date(Math.floor(Date.parse(instant) / quarter) * quarter).toISOString();
}

function atRange<Q extends { from?: string; to?: string }>(query: Q, end: (instant: string) => string): Q {
  const { from, to } = query;
  return {
    ...query,
    ...(from === undefined ? {} : { from: end(from) }),
    ...(to === undefined ? {} : { to: end(to) }),
  };
}

const toTheMillisecond = (instant: string) => `${instant.slice(0, 23)}Z`;

/** Stores that break S5a, S6, S10, S11, S14 or S15. */
export const brokenReads: readonly BrokenStore[] = [
  {
    how: "lists for a bound caller as for the whole tenant",
    fails: ["S10", "model"],
    broken: (store) => askingFor(store, ({ visibleTo: _, ...query }) => query),
  },
  {
    how: "treats `visibleTo` as a filter by client",
    fails: ["S10", "model"],
    broken: (store) =>
      askingFor(store, ({ visibleTo, ...query }) =>
        visibleTo === undefined ? query : { ...query, clientId: query.clientId ?? visibleTo },
      ),
  },
  {
    how: "ignores the filter by reason",
    fails: ["S10"],
    broken: (store) => askingFor(store, ({ reason: _, ...query }) => query),
  },
  {
    how: "lists counted events for any reason",
    fails: ["S10"],
    broken: (store) =>
      listingForReason(
        store,
        (entry, reason) => entry.status === "processed" || reasonsOf(entry).includes(reason),
      ),
  },
  {
    how: "matches reasons by prefix",
    fails: ["S10"],
    broken: (store) =>
      listingForReason(
        store,
        (entry, reason) => isParked(entry) && reasonsOf(entry).some((code) => code.startsWith(reason)),
      ),
  },
  {
    how: "remembers that an id was not found",
    fails: ["S5a", "model"],
    broken: (store) => {
      const missing = new Set<string>();
      return altered(store, {
        get: async (tenantId, ids, call) => {
          const entries = await store.get(tenantId, ids, call);
          return entries.map((entry, index) => {
            const asked = JSON.stringify([tenantId, ids[index]]);
            if (entry === null) missing.add(asked);
            return missing.has(asked) ? null : entry;
          });
        },
      });
    },
  },
  {
    how: "moves totals in a second step",
    fails: ["S6", "S17"],
    broken: (store) => {
      const totals = new MemoryStore();
      return altered(store, {
        insert: async (records, call) => {
          const outcomes = await store.insert(records, call);
          await aMoment();
          await totals.insert(records, call);
          return outcomes;
        },
        aggregate: (query, call) => totals.aggregate(query, call),
      });
    },
  },
  {
    how: "loses concurrent additions to a total",
    fails: ["S6", "S11", "S17"],
    broken: (store) => {
      const totals = new MemoryStore();
      let adding = false;
      return altered(store, {
        insert: async (records, call) => {
          const outcomes = await store.insert(records, call);
          if (adding) return outcomes;
          adding = true;
          await aMoment();
          await totals.insert(records, { signal: new AbortController().signal });
          adding = false;
          return outcomes;
        },
        aggregate: (query, call) => totals.aggregate(query, call),
      });
    },
  },
  {
    how: "counts resends",
    fails: ["S6", "S2", "S3", "S5a", "S7", "S13", "model", "S17"],
    broken: (store) => {
      const totals = new MemoryStore();
      return altered(store, {
        insert: async (records, call) => {
          const outcomes = await store.insert(records, call);
          await totals.insert(
            records.map((record) => ({
              ...record,
              identity: record.receiptId.repeat(2),
              id: record.receiptId,
            })),
            call,
          );
          return outcomes;
        },
        aggregate: (query, call) => totals.aggregate(query, call),
      });
    },
  },
  {
    how: "lists the smaller ID first among entries with the same arrival time",
    fails: ["S10", "model"],
    broken: (store) =>
      listing(store, (left, right) => by(right.receivedAt, left.receivedAt) || by(left.id, right.id)),
  },
  {
    how: "lists by the time of the event",
    fails: ["S10", "model"],
    broken: (store) =>
      listing(
        store,
        (left, right) =>
          by(right.timestamp ?? right.receivedAt, left.timestamp ?? left.receivedAt) || by(right.id, left.id),
      ),
  },
  {
    how: "continues after the instant of a position and ignores its id",
    fails: ["S10", "model"],
    broken: (store) =>
      askingFor(store, (query) =>
        query.after === undefined ? query : { ...query, after: { ...query.after, id: "0".repeat(64) } },
      ),
  },
  {
    how: "pages by an offset",
    fails: ["S10", "model"],
    broken: (store) => {
      const places = new Map<string, number>();
      return altered(store, {
        list: async (query, call) => {
          const { after, ...rest } = query;
          const { entries } = await store.list({ ...rest, ...EVERYTHING }, call);
          const start = after === undefined ? 0 : (places.get(after.id) ?? 0) + 1;
          entries.forEach(({ id }, index) => {
            places.set(id, index);
          });
          return {
            entries: entries.slice(start, start + query.limit),
            more: entries.length > start + query.limit,
          };
        },
      });
    },
  },
  {
    how: "reports more after every full page",
    fails: ["S10", "model"],
    broken: (store) =>
      altered(store, {
        list: async (query, call) => {
          const { entries } = await store.list(query, call);
          return { entries, more: entries.length === query.limit };
        },
      }),
  },
  {
    how: "rounds ranges of lists to milliseconds",
    fails: ["S10", "model"],
    broken: (store) => askingFor(store, (query) => atRange(query, toTheMillisecond)),
  },
  {
    how: "omits events without a timestamp from every range",
    fails: ["S10", "model"],
    broken: (store) =>
      altered(store, {
        list: async (query, call) => {
          const page = await store.list(query, call);
          if (query.from === undefined && query.to === undefined) return page;
          return { ...page, entries: page.entries.filter(({ timestamp }) => timestamp !== null) };
        },
      }),
  },
  {
    how: "ignores case in the filter by client",
    fails: ["S10", "model"],
    broken: (store) =>
      altered(store, {
        list: async ({ clientId, ...query }, call) => {
          if (clientId === undefined) return store.list(query, call);
          const { entries } = await store.list({ ...query, ...EVERYTHING }, call);
          const same = entries.filter((entry) => entry.clientId?.toLowerCase() === clientId.toLowerCase());
          return { entries: same.slice(0, query.limit), more: same.length > query.limit };
        },
      }),
  },
  {
    how: "adds floating-point numbers",
    fails: ["S11", "model", "S20"],
    broken: (store) => counting(store, (row) => ({ ...row, sum: String(Number(row.sum)) })),
  },
  {
    how: "pads fractions with zeros",
    fails: ["S11", "model", "S20", "S22", "S24"],
    broken: (store) =>
      counting(store, (row) => ({ ...row, sum: row.sum.includes(".") ? `${row.sum}0` : row.sum })),
  },
  {
    how: "compares amounts as strings",
    fails: ["S11", "model", "S20", "S22"],
    broken: (store) =>
      counting(store, (row) => (row.min < row.max ? row : { ...row, min: row.max, max: row.min })),
  },
  {
    how: "rounds ranges of totals to quarter hours",
    fails: ["S11", "model", "S21", "S24"],
    broken: (store) => totalling(store, (query) => atRange(query, onTheQuarter)),
  },
  {
    how: "rounds buckets to quarter hours",
    fails: ["S11", "model", "S20", "S22"],
    broken: (store) =>
      totalling(store, (query) => ({
        ...query,
        ...(query.buckets && { buckets: query.buckets.map(onTheQuarter) }),
      })),
  },
  {
    how: "rounds ranges of totals to milliseconds",
    fails: ["S11", "model"],
    broken: (store) => totalling(store, (query) => atRange(query, toTheMillisecond)),
  },
  {
    how: "returns more rows than the limit",
    fails: ["S11", "model", "S21"],
    broken: (store) => totalling(store, (query) => ({ ...query, ...EVERYTHING })),
  },
  {
    how: "returns an empty row if nothing matches",
    fails: ["S11", "model", "S20", "S21", "S22"],
    broken: (store) =>
      altered(store, {
        aggregate: async (query, call) => {
          const rows = await store.aggregate(query, call);
          const nothing = {
            bucket: 0,
            clientId: null,
            metric: null,
            unit: null,
            count: 0,
            sum: "0",
            min: "0",
            max: "0",
          };
          return rows.length === 0 ? [nothing] : rows;
        },
      }),
  },
  {
    how: "groups clients by their lower case",
    fails: ["S11", "model", "S20"],
    broken: (store) => counting(store, (row) => ({ ...row, clientId: row.clientId?.toLowerCase() ?? null })),
  },
  {
    how: "returns only the entries that it found",
    fails: ["S14", "model"],
    broken: (store) =>
      altered(store, {
        get: async (tenantId, ids, call) =>
          (await store.get(tenantId, ids, call)).filter((entry) => entry !== null),
      }),
  },
  {
    how: "accepts an identity as an id",
    fails: ["S14", "model"],
    broken: (store) => {
      const ids = new Map<string, string>();
      const noting = sending(store, (record) => {
        ids.set(record.identity, record.id);
        return record;
      });
      return altered(noting, {
        get: (tenantId, asked, call) =>
          store.get(
            tenantId,
            asked.map((id) => ids.get(id) ?? id),
            call,
          ),
      });
    },
  },
  {
    how: "continues a page after a raw event that does not fit",
    fails: ["S10"],
    broken: (store) =>
      altered(store, {
        list: async (query, call) => {
          const page = await store.list(query, { signal: call.signal });
          const budget = roomFor(call);
          return { ...page, entries: page.entries.map(budget) };
        },
      }),
  },
  {
    how: "ends a page at a raw event that does not fit, and reports no more",
    fails: ["S10"],
    broken: (store) =>
      altered(store, {
        list: async (query, call) => {
          const page = await store.list(query, call);
          return { ...page, more: page.more && page.entries.length === query.limit };
        },
      }),
  },
  {
    how: "ignores `skip` after a position",
    fails: ["S10", "model"],
    broken: (store) =>
      altered(store, {
        list: ({ skip = 0, ...query }, call) =>
          store.list(query.after === undefined ? { ...query, skip } : query, call),
      }),
  },
  {
    how: "ignores `rawChars`",
    fails: ["S19", "S10", "model"],
    broken: (store) =>
      altered(store, {
        get: (tenantId, ids, call) => store.get(tenantId, ids, { signal: call.signal }),
        holders: (records, call) => store.holders(records, { signal: call.signal }),
        list: (query, call) => store.list(query, { signal: call.signal }),
      }),
  },
  {
    how: "does not mark an omitted raw event",
    fails: ["S19"],
    broken: (store) =>
      altered(store, {
        get: async (tenantId, ids, call) =>
          (await store.get(tenantId, ids, call)).map((entry) => entry && unmarked(entry)),
        holders: async (records, call) =>
          (await store.holders(records, call)).map(
            (holder) => holder && { ...holder, event: holder.event && unmarked(holder.event) },
          ),
      }),
  },
  {
    how: "does not mark a raw event that an insert omits",
    fails: ["S4", "model"],
    broken: (store) =>
      withOutcomes(store, (outcome) =>
        isTaken(outcome) ? { ...outcome, event: outcome.event && unmarked(outcome.event) } : outcome,
      ),
  },
  {
    how: "returns holders in the order in which it finds them",
    fails: ["S15", "model"],
    broken: (store) =>
      altered(store, {
        holders: async (records, call) => {
          const found = await store.holders(records, call);
          const held = found.filter((holder) => holder !== null);
          return found.map((_, index) => held[index] ?? null);
        },
      }),
  },
  {
    how: "returns the holder of a lapsed claim",
    fails: ["S15", "model"],
    broken: (store) =>
      altered(store, {
        holders: (records, call) => {
          const early = "2000-01-01T00:00:00.000Z";
          return store.holders(
            records.map((record) => ({ ...record, receivedAt: early })),
            call,
          );
        },
      }),
  },
  {
    how: "inserts the records whose holders it looks up",
    fails: ["S15", "model"],
    broken: (store) =>
      altered(store, {
        holders: async (records, call) => {
          const found = await store.holders(records, call);
          await store.insert(records, call);
          return found;
        },
      }),
  },
];

import {
  type AggregateRow,
  type Entry,
  type EntryQuery,
  reasonsOf,
  type Store,
  type StoreCall,
} from "@evt/core";
import { MemoryStore } from "@evt/store-memory";
import { altered } from "../able-store.js";
import { aMoment, answering, type BrokenStore, isParked, isTaken, sending } from "./broken-store.js";

const EVERYTHING = { limit: 1_000_000 };

/** Lists by an order of its own, or by a filter of its own. */
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

/** Asks for other entries than it was asked. */
function askingFor(store: Store, asked: (query: EntryQuery) => EntryQuery): Store {
  return altered(store, { list: (query, call) => store.list(asked(query), call) });
}

function counting(store: Store, counted: (row: AggregateRow) => AggregateRow): Store {
  return altered(store, {
    aggregate: async (query, call) => (await store.aggregate(query, call)).map(counted),
  });
}

/** Leaves raw texts out past the bound of a call. */
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
    how: "lists for a caller bound to a client as for the whole tenant",
    fails: ["S10", "model"],
    broken: (store) => askingFor(store, ({ visibleTo: _, ...query }) => query),
  },
  {
    how: "takes who may see an event for a filter by its client",
    fails: ["S10", "model"],
    broken: (store) =>
      askingFor(store, ({ visibleTo, ...query }) =>
        visibleTo === undefined ? query : { ...query, clientId: query.clientId ?? visibleTo },
      ),
  },
  {
    how: "lists for a reason as without one",
    fails: ["S10"],
    broken: (store) => askingFor(store, ({ reason: _, ...query }) => query),
  },
  {
    how: "lists counted events for every reason",
    fails: ["S10"],
    broken: (store) =>
      altered(store, {
        list: async (query, call) => {
          const { reason, limit, ...rest } = query;
          if (reason === undefined) return store.list(query, call);
          const { entries } = await store.list({ ...rest, ...EVERYTHING }, call);
          const shown = entries.filter(
            (entry) => entry.status === "processed" || reasonsOf(entry).includes(reason),
          );
          return { entries: shown.slice(0, limit), more: shown.length > limit };
        },
      }),
  },
  {
    how: "compares reasons by how they begin",
    fails: ["S10"],
    broken: (store) =>
      altered(store, {
        list: async (query, call) => {
          const { reason, limit, ...rest } = query;
          if (reason === undefined) return store.list(query, call);
          const { entries } = await store.list({ ...rest, ...EVERYTHING }, call);
          const shown = entries.filter(
            (entry) => isParked(entry) && reasonsOf(entry).some((code) => code.startsWith(reason)),
          );
          return { entries: shown.slice(0, limit), more: shown.length > limit };
        },
      }),
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
    how: "loses what is added to a total while another adds to it",
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
    how: "lists the smaller id first among equals",
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
    how: "goes on after the instant of a position, whatever its id",
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
    how: "promises more after every full page",
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
    how: "lists by a range of whole milliseconds",
    fails: ["S10", "model"],
    broken: (store) => askingFor(store, (query) => atRange(query, toTheMillisecond)),
  },
  {
    how: "leaves events without a readable time out of every range",
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
    how: "filters clients without regard to case",
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
    how: "adds as floating point",
    fails: ["S11", "model"],
    broken: (store) => counting(store, (row) => ({ ...row, sum: String(Number(row.sum)) })),
  },
  {
    how: "pads fractions with zeros",
    fails: ["S11", "model"],
    broken: (store) =>
      counting(store, (row) => ({ ...row, sum: row.sum.includes(".") ? `${row.sum}0` : row.sum })),
  },
  {
    how: "compares amounts as texts",
    fails: ["S11", "model"],
    broken: (store) =>
      counting(store, (row) => (row.min < row.max ? row : { ...row, min: row.max, max: row.min })),
  },
  {
    how: "counts whole quarters of an hour only",
    fails: ["S11", "model"],
    broken: (store) => totalling(store, (query) => atRange(query, onTheQuarter)),
  },
  {
    how: "begins buckets on the quarter of an hour",
    fails: ["S11", "model"],
    broken: (store) =>
      totalling(store, (query) => ({
        ...query,
        ...(query.buckets && { buckets: query.buckets.map(onTheQuarter) }),
      })),
  },
  {
    how: "counts by ranges of whole milliseconds",
    fails: ["S11", "model"],
    broken: (store) => totalling(store, (query) => atRange(query, toTheMillisecond)),
  },
  {
    how: "answers more rows than it was asked for",
    fails: ["S11", "model"],
    broken: (store) => totalling(store, (query) => ({ ...query, ...EVERYTHING })),
  },
  {
    how: "answers a row of nothing where nothing matches",
    fails: ["S11", "model"],
    broken: (store) =>
      altered(store, {
        aggregate: async (query, call) => {
          const rows = await store.aggregate(query, call);
          const nothing = { bucket: 0, clientId: null, metric: null, count: 0, sum: "0", min: "0", max: "0" };
          return rows.length === 0 ? [nothing] : rows;
        },
      }),
  },
  {
    how: "groups clients by their lower case",
    fails: ["S11", "model"],
    broken: (store) => counting(store, (row) => ({ ...row, clientId: row.clientId?.toLowerCase() ?? null })),
  },
  {
    how: "answers with what it found and leaves out the rest",
    fails: ["S14", "model"],
    broken: (store) =>
      altered(store, {
        get: async (tenantId, ids, call) =>
          (await store.get(tenantId, ids, call)).filter((entry) => entry !== null),
      }),
  },
  {
    how: "takes an identity for an id",
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
    how: "leaves raw texts that do not fit out of a page, and goes on",
    fails: ["S10", "model"],
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
    how: "ends a page by its raw texts and says that nothing follows",
    fails: ["S10", "model"],
    broken: (store) =>
      altered(store, {
        list: async (query, call) => {
          const page = await store.list(query, call);
          return { ...page, more: page.more && page.entries.length === query.limit };
        },
      }),
  },
  {
    how: "passes over entries before the position is found",
    fails: ["S10", "model"],
    broken: (store) =>
      altered(store, {
        list: ({ skip = 0, ...query }, call) =>
          store.list(query.after === undefined ? { ...query, skip } : query, call),
      }),
  },
  {
    how: "returns all raw texts, however many",
    fails: ["S19", "S10", "model"],
    broken: (store) =>
      altered(store, {
        get: (tenantId, ids, call) => store.get(tenantId, ids, { signal: call.signal }),
        holders: (records, call) => store.holders(records, { signal: call.signal }),
        list: (query, call) => store.list(query, { signal: call.signal }),
      }),
  },
  {
    how: "does not tell that it leaves a raw text out",
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
    how: "does not tell that an insert leaves a raw text out",
    fails: ["S4", "model"],
    broken: (store) =>
      answering(store, (outcome) =>
        isTaken(outcome) ? { ...outcome, event: outcome.event && unmarked(outcome.event) } : outcome,
      ),
  },
  {
    how: "names holders in the order in which it finds them",
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
    how: "names the holder of a claim that has lapsed",
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
    how: "inserts what it is asked about",
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

import type { NameQuery, SeenName, Store } from "@evt/core/store";
import { altered } from "../able-store.js";
import type { BrokenStore } from "./broken-store.js";

const EVERY = 1_000_000;

/** Returns a store that is asked with a changed query for names. */
function querying(store: Store, changed: (query: NameQuery) => NameQuery): Store {
  return altered(store, { names: (query, call) => store.names(changed(query), call) });
}

/** Returns a store that computes a page from all names of the tenant or of the client. */
function paging(
  store: Store,
  page: (names: readonly SeenName[], query: NameQuery) => readonly SeenName[],
): Store {
  return altered(store, {
    names: async (query, call) => {
      const { prefix: _, after: __, ...rest } = query;
      return page(await store.names({ ...rest, limit: EVERY }, call), query);
    },
  });
}

/** Returns a store that shows changed names. */
function showing(store: Store, shown: (name: SeenName) => SeenName): Store {
  return altered(store, { names: async (query, call) => (await store.names(query, call)).map(shown) });
}

function isSelected(name: string, { prefix = "", after }: NameQuery): boolean {
  return (
    name.startsWith(prefix) &&
    (after === undefined || Buffer.compare(Buffer.from(name), Buffer.from(after)) > 0)
  );
}

/** Stores that break S23. */
export const brokenNames: readonly BrokenStore[] = [
  {
    how: "ignores the position in names",
    fails: ["S23", "model"],
    broken: (store) => querying(store, ({ after: _, ...query }) => query),
  },
  {
    how: "begins a page of names with its position",
    fails: ["S23", "model"],
    broken: (store) =>
      paging(store, (names, { after, ...query }) =>
        names
          .filter(
            ({ name }) =>
              name === after || isSelected(name, after === undefined ? query : { ...query, after }),
          )
          .slice(0, query.limit),
      ),
  },
  {
    how: "limits names before it selects them",
    fails: ["S23", "model"],
    broken: (store) =>
      paging(store, (names, query) =>
        names.slice(0, query.limit).filter(({ name }) => isSelected(name, query)),
      ),
  },
  {
    how: "sorts names by UTF-16 code units",
    fails: ["S23"],
    broken: (store) =>
      paging(store, (names, query) =>
        [...names]
          .filter(({ name }) => isSelected(name, query))
          .sort(({ name: a }, { name: b }) => (a < b ? -1 : 1))
          .slice(0, query.limit),
      ),
  },
  {
    how: "ignores the prefix of names",
    fails: ["S23"],
    broken: (store) => querying(store, ({ prefix: _, ...query }) => query),
  },
  {
    how: "ignores the case of a prefix",
    fails: ["S23"],
    broken: (store) =>
      paging(store, (names, { prefix = "", ...query }) =>
        names
          .filter(
            ({ name }) => name.toLowerCase().startsWith(prefix.toLowerCase()) && isSelected(name, query),
          )
          .slice(0, query.limit),
      ),
  },
  {
    how: "reads a prefix as a pattern",
    fails: ["S23"],
    broken: (store) =>
      paging(store, (names, { prefix = "", ...query }) => {
        const pattern = new RegExp(
          `^${prefix.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("_", ".")}`,
          "s",
        );
        return names
          .filter(({ name }) => pattern.test(name) && isSelected(name, query))
          .slice(0, query.limit);
      }),
  },
  {
    how: "returns the names of all clients for one client",
    fails: ["S23"],
    broken: (store) => querying(store, ({ clientId: _, ...query }) => query),
  },
  {
    how: "returns the times of the metric for a metric of one client",
    fails: ["S23"],
    broken: (store) =>
      altered(store, {
        names: async (query, call) => {
          const { clientId: _, ...all } = query;
          const times = new Map(
            (await store.names({ ...all, limit: EVERY }, call)).map((each) => [each.name, each]),
          );
          return (await store.names(query, call)).map((each) => times.get(each.name) ?? each);
        },
      }),
  },
  {
    how: "rounds the times of names to days",
    fails: ["S23", "model"],
    broken: (store) =>
      showing(store, ({ name, firstSeenAt, lastSeenAt }) => ({
        name,
        firstSeenAt: `${firstSeenAt.slice(0, 10)}T00:00:00.000Z`,
        lastSeenAt: `${lastSeenAt.slice(0, 10)}T00:00:00.000Z`,
      })),
  },
  {
    how: "keeps the first time of a name as its last",
    fails: ["S23", "model"],
    broken: (store) => showing(store, (name) => ({ ...name, lastSeenAt: name.firstSeenAt })),
  },
  {
    how: "forgets the names of pruned events",
    fails: ["S23"],
    broken: (store) =>
      altered(store, {
        names: async (query, call) => {
          const listed = { tenantId: query.tenantId, statuses: ["processed"] as const, limit: EVERY };
          const { entries } = await store.list(listed, call);
          const names = new Set(entries.map((entry) => entry[query.of]));
          return (await store.names(query, call)).filter(({ name }) => names.has(name));
        },
      }),
  },
];

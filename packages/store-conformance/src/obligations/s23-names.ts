import assert from "node:assert/strict";
import type { NameQuery, SeenName } from "@evt/core/store";
import { AWKWARD_TEXTS, EDGE_TIMES } from "../edge-values.js";
import { expectedNames } from "../model/expected-names.js";
import { SORTED_BY_CODE_POINT, storedOf, TENANT } from "../samples.js";
import { storeTest } from "../store-test.js";
import type { Trial } from "../trial.js";

const NAMED = ["clientId", "metric"] as const;

export const names = [
  storeTest("S23", "names have the quarter hours of their first and last counted events", async (t) => {
    const on = (clientId: string, metric: string, timestamp: string) =>
      t.record({ clientId, metric, timestamp });
    await t.insert(
      on("a", "m", "2026-02-28T23:59:59.999999Z"),
      on("b", "m", "2026-02-28T23:45:00.000Z"),
      on("a", "n", "2024-02-29T00:14:59.999Z"),
      on("a", "m", "2026-03-01T00:00:00.000001Z"),
    );
    await t.insert(on("b", "m", "1969-12-31T23:59:59.999Z"));
    const [early, first, last] = [
      "1969-12-31T23:45:00.000Z",
      "2024-02-29T00:00:00.000Z",
      "2026-03-01T00:00:00.000Z",
    ];
    assert.deepEqual(await walk(t, { of: "clientId" }), [
      { name: "a", firstSeenAt: first, lastSeenAt: last },
      { name: "b", firstSeenAt: early, lastSeenAt: "2026-02-28T23:45:00.000Z" },
    ]);
    assert.deepEqual(await walk(t, { of: "metric" }), [
      { name: "m", firstSeenAt: early, lastSeenAt: last },
      { name: "n", firstSeenAt: first, lastSeenAt: first },
    ]);
  }),

  storeTest("S23", "times at edges of the calendar belong to their quarter hours", async (t) => {
    const records = EDGE_TIMES.map((timestamp, index) =>
      t.record({ clientId: `client ${index}`, timestamp }),
    );
    await t.insert(...records);
    for (const of of NAMED) {
      const query = { tenantId: TENANT, of, limit: 100 };
      assert.deepEqual(await t.store.names(query, t.call), expectedNames(records.map(storedOf), query));
    }
  }),

  storeTest("S23", "names are sorted by code point, in pages of any size", async (t) => {
    const records = [...SORTED_BY_CODE_POINT]
      .reverse()
      .map((text) => t.record({ clientId: text, metric: text }));
    await t.insert(...records);
    for (const of of NAMED) {
      for (const limit of [1, 3, SORTED_BY_CODE_POINT.length, 1_000]) {
        const walked = await walk(t, { of, limit });
        assert.deepEqual(
          walked.map(({ name }) => name),
          SORTED_BY_CODE_POINT,
          `${of} in pages of ${limit}`,
        );
      }
    }
  }),

  storeTest("S23", "a name may be any valid string, and so may a prefix and a position", async (t) => {
    const texts = [...new Set(AWKWARD_TEXTS)];
    const records = texts.map((text) => t.record({ clientId: text, metric: text }));
    await t.insert(...records);
    const events = records.map(storedOf);
    for (const of of NAMED) {
      for (const text of texts) {
        for (const given of [{ prefix: text }, { after: text }]) {
          const query = { tenantId: TENANT, of, limit: 1_000, ...given };
          assert.deepEqual(
            await t.store.names(query, t.call),
            expectedNames(events, query),
            JSON.stringify(query),
          );
        }
      }
    }
  }),

  storeTest("S23", "a prefix selects exactly the names that begin with it", async (t) => {
    const texts = [
      "a",
      "A",
      "ab",
      "a_",
      "a%",
      "a\u{10ffff}",
      "a\u{10ffff}b",
      "b",
      "\ud7ff",
      "\ud7ffx",
      "\ue000",
      "\u{10ffff}",
      "\u{10ffff}\u{10ffff}",
    ];
    await t.insert(...texts.map((text) => t.record({ clientId: text })));
    for (const prefix of texts) {
      const found = await walk(t, { of: "clientId", prefix, limit: 2 });
      const expected = texts.filter((text) => text.startsWith(prefix));
      assert.deepEqual(new Set(found.map(({ name }) => name)), new Set(expected), JSON.stringify(prefix));
    }
  }),

  storeTest("S23", "a page begins after its position, even if no name equals it", async (t) => {
    await t.insert(...["a", "c", "e"].map((clientId) => t.record({ clientId })));
    const after = async (position: string) =>
      (await walk(t, { of: "clientId", after: position })).map(({ name }) => name);
    assert.deepEqual(await after("a"), ["c", "e"]);
    assert.deepEqual(await after("b"), ["c", "e"]);
    assert.deepEqual(await after("e"), []);
  }),

  storeTest("S23", "with a client, only its own names and times count", async (t) => {
    const records = [
      t.record({ clientId: "a", metric: "m", timestamp: "2026-02-01T00:00:00.000Z" }),
      t.record({ clientId: "a", metric: "n", timestamp: "2026-02-03T00:00:00.000Z" }),
      t.record({ clientId: "a", metric: "m", timestamp: "2026-02-02T00:00:00.000Z" }),
      t.record({ clientId: "b", metric: "m", timestamp: "2026-01-01T00:00:00.000Z" }),
      t.record({ clientId: "b", metric: "o", timestamp: "2026-03-01T00:00:00.000Z" }),
    ];
    await t.insert(...records);
    for (const of of NAMED) {
      for (const clientId of ["a", "b", "c"]) {
        const query = { tenantId: TENANT, of, clientId, limit: 1_000 };
        const expected = expectedNames(records.map(storedOf), query);
        assert.deepEqual(await walk(t, { of, clientId, limit: 1 }), expected, JSON.stringify(query));
      }
    }
  }),

  storeTest("S23", "only counted events of the tenant have names", async (t) => {
    const counted = t.record({ clientId: "counted" });
    await t.insert(counted, t.record({ tenantId: "other tenant", clientId: "other" }));
    await t.insert(t.again(counted, { clientId: "conflict", metric: "conflict" }));
    await t.park(t.failure(t.record({ clientId: "failed", metric: "failed" })));
    await t.park(t.rejected({ clientId: "rejected", metric: "rejected" }));
    assert.deepEqual(
      (await walk(t, { of: "clientId" })).map(({ name }) => name),
      ["counted"],
    );
    assert.deepEqual(
      (await walk(t, { of: "metric" })).map(({ name }) => name),
      [counted.metric],
    );
  }),

  storeTest(
    "S23",
    "names remain after their events are pruned",
    async (t) => {
      const record = t.record({ clientId: "a", metric: "m" });
      await t.insert(record);
      await t.prune();
      for (const of of NAMED) {
        const query = { tenantId: TENANT, of, limit: 10 };
        assert.deepEqual(await t.store.names(query, t.call), expectedNames([storedOf(record)], query));
      }
    },
    "prune",
  ),
];

/** Reads pages until one is not full. */
async function walk(
  t: Trial,
  given: Partial<NameQuery> & Pick<NameQuery, "of">,
): Promise<readonly SeenName[]> {
  const query: NameQuery = { tenantId: TENANT, limit: 100, ...given };
  const walked: SeenName[] = [];
  for (let page = 0; page < 200; page++) {
    const last = walked.at(-1);
    const after = last === undefined ? {} : { after: last.name };
    const found = await t.store.names({ ...query, ...after }, t.call);
    walked.push(...found);
    if (found.length < query.limit) return walked;
  }
  assert.fail(`the pages of ${JSON.stringify(query)} end`);
}

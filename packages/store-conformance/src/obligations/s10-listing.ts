import assert from "node:assert/strict";
import type { Entry, EntryPage, EntryQuery, ParkedEvent } from "@evt/core";
import { AWKWARD_TEXTS } from "../edge-values.js";
import { expectedPage } from "../model/expected-page.js";
import { at, storedOf, TENANT } from "../samples.js";
import { storeTest } from "../store-test.js";
import type { Trial } from "../trial.js";

const ALL: EntryQuery = {
  tenantId: TENANT,
  statuses: ["processed", "rejected", "conflict", "failed"],
  limit: 2_000,
};

export const listing = [
  storeTest(
    "S10",
    "the latest received comes first, and among equals the greater id, counted and parked together",
    async (t) => {
      const stored = await fill(t);
      assert.deepEqual(await t.store.list(ALL, t.call), expectedPage(stored, ALL));
    },
  ),

  storeTest(
    "S10",
    "every filter, alone and with the others, shows what matches it and nothing else",
    async (t) => {
      const stored = await fill(t);
      for (const query of filters()) {
        assert.deepEqual(
          await t.store.list(query, t.call),
          expectedPage(stored, query),
          JSON.stringify(query),
        );
      }
    },
  ),

  storeTest(
    "S10",
    "clients and metrics are compared by their code points, not folded and not by pattern",
    async (t) => {
      const records = AWKWARD_TEXTS.map((text) =>
        t.record({ clientId: text, metric: `m${text}`.slice(0, 255) }),
      );
      await t.insert(...records);
      for (const { id, clientId, metric } of records) {
        assert.deepEqual(await t.listedIds({ clientId }), [id], JSON.stringify(clientId));
        const sameMetric = records.filter((record) => record.metric === metric).map((record) => record.id);
        assert.deepEqual(new Set(await t.listedIds({ metric })), new Set(sameMetric), JSON.stringify(metric));
      }
    },
  ),

  storeTest(
    "S10",
    "following the position in pages of any size shows each entry once, in the order of the list",
    async (t) => {
      const stored = await fill(t);
      const expected = expectedPage(stored, ALL).entries;
      for (const limit of [1, 2, 3, 7, expected.length, expected.length + 1]) {
        assert.deepEqual(await walk(t, { ...ALL, limit }), expected, `in pages of ${limit}`);
        const processed = { ...ALL, statuses: ["processed"] as const };
        assert.deepEqual(await walk(t, { ...processed, limit }), expectedPage(stored, processed).entries);
      }
    },
  ),

  storeTest(
    "S10",
    "`more` says whether an entry that matches follows the last one of the page",
    async (t) => {
      const [oldest, middle, latest] = [0, 1, 2].map((ms) =>
        t.record({ receivedAt: at(ms), clientId: `${ms % 2}` }),
      );
      assert.ok(oldest !== undefined && middle !== undefined && latest !== undefined);
      await t.insert(oldest, middle, latest);
      const more = async (query: Partial<EntryQuery>) =>
        (await t.store.list({ ...ALL, ...query }, t.call)).more;
      assert.equal(await more({ limit: 2 }), true);
      assert.equal(await more({ limit: 3 }), false, "a full page may be the last");
      assert.equal(
        await more({ limit: 1, clientId: middle.clientId }),
        false,
        "what follows is another client's",
      );
      assert.equal(await more({ limit: 1, after: latest }), true);
      assert.equal(await more({ limit: 1, after: middle }), false);
      assert.equal(await more({ limit: 1, after: oldest }), false, "a page may be empty");
    },
  ),

  storeTest(
    "S10",
    "a walk shows everything committed at its start once, whatever is inserted meanwhile",
    async (t) => {
      const records = Array.from({ length: 12 }, (_, index) =>
        t.record({ receivedAt: at(Math.floor(index / 4)) }),
      );
      await t.insert(...records);
      for (const limit of [1, 2, 3]) {
        const before = await t.list();
        let pages = 0;
        const walked = await walk(t, { ...ALL, limit }, async ({ receivedAt }) => {
          // a walk that is fed for ever has no end
          if (++pages > before.length) return;
          await t.insert(
            t.record({ receivedAt: at(60_000) }),
            t.record({ receivedAt }),
            t.record({ receivedAt: at(-60_000) }),
            t.record({ receivedAt: at(1) }),
          );
        });
        const ids = walked.map(({ id }) => id);
        assert.equal(new Set(ids).size, ids.length, "nothing is repeated");
        const known = new Set(before.map(({ id }) => id));
        assert.deepEqual(
          ids.filter((id) => known.has(id)),
          before.map(({ id }) => id),
          "nothing is skipped or moved",
        );
      }
    },
  ),

  storeTest(
    "S10",
    "a position need not be an entry's: one that has left the list, or never was in it",
    async (t) => {
      const records = Array.from({ length: 5 }, (_, index) => t.record({ receivedAt: at(index) }));
      const failures = records.map((record) => t.failure(record));
      await t.park(...failures);
      const ids = await t.listedIds();
      const [first, second] = await t.list({ limit: 2 });
      assert.ok(first !== undefined && second !== undefined);
      await t.insert(...records.filter(({ identity }) => identity === second.identity));
      assert.deepEqual(
        await t.listedIds({ after: second, statuses: ["failed"] }),
        ids.slice(2),
        "after a resolved failure",
      );
      const between = { receivedAt: first.receivedAt, id: "0".repeat(64) };
      assert.deepEqual(
        await t.listedIds({ after: between, statuses: ["failed"] }),
        ids.slice(2),
        "after an id below all",
      );
      const above = { receivedAt: first.receivedAt, id: "f".repeat(64) };
      assert.equal(
        (await t.listedIds({ after: above, statuses: ["failed"] }))[0],
        first.id,
        "after an id above all",
      );
    },
  ),

  storeTest(
    "S10",
    "a page ends before a raw text that does not fit, and following the position shows every entry whole",
    async (t) => {
      const stored = await fillWithRaws(t);
      for (const rawChars of [1, 100, 101, 250, 10_000]) {
        for (const limit of [2, 5, 100]) {
          const query = { ...ALL, limit };
          const call = { ...t.call, rawChars };
          const page = await t.store.list(query, call);
          assert.deepEqual(page, expectedPage(stored, query, rawChars), `${limit} of ${rawChars} characters`);
          assert.deepEqual(await walk(t, query, undefined, rawChars), expectedPage(stored, ALL).entries);
        }
      }
    },
  ),

  storeTest("S10", "without raw texts a page has all its entries, each that has one marked", async (t) => {
    const stored = await fillWithRaws(t);
    for (const limit of [3, 100]) {
      const query = { ...ALL, limit };
      const page = await t.store.list(query, { ...t.call, rawChars: 0 });
      assert.deepEqual(page, expectedPage(stored, query, 0));
    }
  }),

  storeTest("S10", "skipped entries are counted from the position, whatever their raw texts", async (t) => {
    const stored = await fillWithRaws(t);
    const [first] = await t.list({ limit: 1 });
    assert.ok(first !== undefined);
    for (const skip of [0, 1, 5, stored.length - 1, stored.length, 1_000]) {
      for (const query of [
        { ...ALL, skip, limit: 3 },
        { ...ALL, skip, limit: 3, after: first },
      ]) {
        const page = await t.store.list(query, { ...t.call, rawChars: 150 });
        assert.deepEqual(page, expectedPage(stored, query, 150), `${skip} skipped`);
      }
    }
  }),

  storeTest("S10", "an event without a readable time is filtered by its receipt", async (t) => {
    const event = t.rejected({ receivedAt: at(500), lastAttemptAt: at(500) });
    await t.park(event);
    assert.deepEqual(await t.listedIds({ from: at(500), to: at(501) }), [event.id]);
    assert.deepEqual(await t.listedIds({ from: at(501) }), []);
    assert.deepEqual(await t.listedIds({ to: at(500) }), []);
  }),

  storeTest("S10", "a resolved failure is in no list", async (t) => {
    const record = t.record();
    await t.park(t.failure(record));
    await t.insert(record);
    for (const statuses of [["failed"], ALL.statuses, ["failed", "rejected", "conflict"]] as const) {
      const ids = await t.listedIds({ statuses });
      assert.deepEqual(ids, statuses === ALL.statuses ? [record.id] : []);
    }
  }),

  storeTest(
    "S10",
    "`visibleTo` shows a client's counted events, what it vouched for, and its own that nobody vouched for",
    async (t) => {
      const [own, other] = [t.record({ clientId: "a" }), t.record({ clientId: "b" })];
      await t.insert(own, other);
      const issues = [{ code: "client_id_mismatch", path: "", message: "" }] as const;
      const parkedOf = (given: Partial<ParkedEvent>) => [
        t.rejected(given),
        t.failure(t.record(), given),
        t.failure(t.record(), { ...given, status: "conflict", error: null }),
      ];
      const visible = [
        ...parkedOf({ clientId: "a" }),
        ...parkedOf({ clientId: "a", vouchedClientId: "a" }),
        ...parkedOf({ clientId: "b", vouchedClientId: "a" }),
        ...parkedOf({ clientId: null, vouchedClientId: "a" }),
        t.rejected({ clientId: "b", vouchedClientId: "a", issues }),
      ];
      const hidden = [
        ...parkedOf({ clientId: "b" }),
        ...parkedOf({ clientId: null }),
        ...parkedOf({ clientId: "a", vouchedClientId: "b" }),
        ...parkedOf({ clientId: "a", vouchedClientId: "A" }),
        t.rejected({ clientId: "a", issues }),
      ];
      await t.park(...hidden, ...visible);
      const ids = (entries: readonly Entry[]) => entries.map(({ id }) => id).sort();
      const expected = ids([storedOf(own), ...visible]);
      assert.deepEqual(ids(await t.list({ visibleTo: "a" })), expected);
      const walked = await walk(t, { ...ALL, visibleTo: "a", limit: 2 });
      assert.deepEqual(ids(walked), expected, "in pages, too");
      const named = await t.listedIds({ visibleTo: "a", clientId: "b" });
      assert.equal(named.length, 4, "with the filter by client");
    },
  ),

  storeTest("S10", "events received years apart stand in one list", async (t) => {
    const receipts = [
      "2019-12-31T23:59:59.999Z",
      "2020-01-01T00:00:00.000Z",
      "2026-02-28T00:00:00.000Z",
      "2031-07-01T00:00:00.000Z",
    ];
    const records = receipts.map((receivedAt) => t.record({ receivedAt }));
    await t.insert(...records);
    assert.deepEqual(await t.list(), records.map(storedOf).reverse());
  }),
];

/** Counted and parked events of all sorts, many received at one instant. Answers what is listed of them. */
async function fill(t: Trial): Promise<readonly Entry[]> {
  const times = ["2026-02-28T23:59:59.999999Z", "2026-03-01T00:00:00.000Z", "2026-03-01T00:00:00.000001Z"];
  const records = Array.from({ length: 24 }, (_, index) =>
    t.record({
      receivedAt: at([0, 0, 0, 1, 2_000][index % 5] ?? 0),
      clientId: index % 2 === 0 ? "a" : "b",
      metric: index % 3 === 0 ? "m" : "n",
      timestamp: times[index % times.length] ?? "",
    }),
  );
  const [failed = [], conflicting = [], unsent = []] = [0, 1, 2].map((part) =>
    records.filter((_, index) => index % 6 === part),
  );
  const parked = [
    ...failed.map((record) => t.failure(record)),
    ...conflicting.map((record) =>
      t.failure(record, { status: "conflict", id: t.record().identity, error: null }),
    ),
    ...unsent.map(({ receivedAt, clientId }) =>
      t.rejected({ receivedAt, lastAttemptAt: receivedAt, clientId }),
    ),
  ];
  await t.park(...parked);
  const counted = records.filter((record) => !failed.includes(record) && !unsent.includes(record));
  await t.insert(...counted);
  return [...counted.map(storedOf), ...parked];
}

function filters(): readonly EntryQuery[] {
  const clients = [{}, { clientId: "a" }, { clientId: "A" }];
  const metrics = [{}, { metric: "m" }];
  const statuses = [
    {},
    ...ALL.statuses.map((status) => ({ statuses: [status] })),
    { statuses: ["failed", "processed"] as const },
  ];
  const ranges = [
    {},
    { from: "2026-03-01T00:00:00.000Z" },
    { to: "2026-03-01T00:00:00.000Z" },
    { from: "2026-03-01T00:00:00.000001Z", to: at(1) },
    { from: "2026-02-28T23:59:59.999999Z", to: "2026-03-01T00:00:00.000001Z" },
  ];
  return clients.flatMap((client) =>
    metrics.flatMap((metric) =>
      statuses.flatMap((status) =>
        ranges.map((range) => ({ ...ALL, ...client, ...metric, ...status, ...range })),
      ),
    ),
  );
}

/** Counted and parked events, their raw texts of 0, 50, 100, … characters, or none. */
async function fillWithRaws(t: Trial): Promise<readonly Entry[]> {
  const rawOf = (index: number) => (index % 4 === 0 ? null : `"${"x".repeat(50 * (index % 4) - 2)}"`);
  const records = Array.from({ length: 8 }, (_, index) =>
    t.record({ receivedAt: at(index % 3), rawJson: rawOf(index) }),
  );
  const parked = Array.from({ length: 8 }, (_, index) =>
    t.rejected({ receivedAt: at(index % 3), lastAttemptAt: at(index % 3), rawJson: rawOf(index) }),
  );
  await t.insert(...records);
  await t.park(...parked);
  return [...records.map(storedOf), ...parked];
}

/** Follows the position from page to page, with something done between them. */
async function walk(
  t: Trial,
  query: EntryQuery,
  between?: (last: Entry) => Promise<void>,
  rawChars?: number,
): Promise<readonly Entry[]> {
  const walked: Entry[] = [];
  const call = { ...t.call, ...(rawChars !== undefined && { rawChars }) };
  let page: EntryPage = await t.store.list(query, call);
  for (;;) {
    walked.push(...page.entries);
    const last = page.entries.at(-1);
    assert.ok(page.entries.length <= query.limit, "a page is no longer than its limit");
    if (!page.more || last === undefined) return walked;
    await between?.(last);
    page = await t.store.list({ ...query, after: { receivedAt: last.receivedAt, id: last.id } }, call);
  }
}

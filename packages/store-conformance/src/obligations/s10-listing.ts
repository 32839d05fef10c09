import assert from "node:assert/strict";
import type { Entry, EntryQuery, ParkedEvent } from "@evt/core/store";
import { AWKWARD_TEXTS } from "../edge-values.js";
import { expectedPage } from "../model/expected-page.js";
import { at, storedOf } from "../samples.js";
import { storeTest } from "../store-test.js";
import { ALL, fill, walk } from "./listed-entries.js";

export const listing = [
  storeTest(
    "S10",
    "counted and parked events are in one list, latest arrival first, then greater ID first",
    async (t) => {
      const stored = await fill(t);
      assert.deepEqual(await t.store.list(ALL, t.call), expectedPage(stored, ALL));
    },
  ),

  storeTest("S10", "every filter, alone and combined, shows exactly the matching entries", async (t) => {
    const stored = await fill(t);
    for (const query of filters()) {
      assert.deepEqual(await t.store.list(query, t.call), expectedPage(stored, query), JSON.stringify(query));
    }
  }),

  storeTest(
    "S10",
    "clients and metrics are compared by code point, without case folding or patterns",
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

  storeTest("S10", "an event without a readable time is filtered by its arrival time", async (t) => {
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
    "`visibleTo` shows a client its counted events, parked events whose vouched client it is, and parked events that name it without a vouched client",
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
      assert.deepEqual(ids(walked), expected, "pages have the same entries");
      const named = await t.listedIds({ visibleTo: "a", clientId: "b" });
      assert.equal(named.length, 4, "a bound caller can also filter by client");
    },
  ),

  storeTest(
    "S10",
    "`reason` shows open parked events that have it, and nothing that was counted",
    async (t) => {
      const issue = (code: "amount_missing" | "timestamp_missing") => ({ code, path: "", message: "" });
      const one = t.rejected({ issues: [issue("amount_missing")] });
      const both = t.rejected({ issues: [issue("amount_missing"), issue("timestamp_missing")] });
      const conflict = t.failure(t.record(), { status: "conflict", error: null });
      const [open, resolved, counted] = [t.record(), t.record(), t.record()];
      await t.park(one, both, conflict, t.failure(open), t.failure(resolved));
      await t.insert(resolved, counted);
      const listed = async (query: Partial<EntryQuery>) => [...(await t.listedIds(query))].sort();
      assert.deepEqual(await listed({ reason: "amount_missing" }), [one.id, both.id].sort());
      assert.deepEqual(await listed({ reason: "timestamp_missing" }), [both.id]);
      assert.deepEqual(await listed({ reason: "EVT_STORE_UNAVAILABLE" }), [t.failure(open).id]);
      assert.deepEqual(await listed({ reason: "amount" }), [], "the beginning of a reason does not match");
      assert.deepEqual(await listed({ reason: "AMOUNT_MISSING" }), [], "case matters");
      const other = { reason: "amount_missing", statuses: ["processed", "failed"] } as const;
      assert.deepEqual(await listed(other), [], "no entry with another status has the reason");
      const walked = await walk(t, { ...ALL, reason: "amount_missing", limit: 1 });
      assert.deepEqual(
        walked.map(({ id }) => id).sort(),
        [one.id, both.id].sort(),
        "pages have the same entries",
      );
    },
  ),

  storeTest("S10", "events received years apart are in one list", async (t) => {
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
  const queries = clients.flatMap((client) =>
    metrics.flatMap((metric) =>
      statuses.flatMap((status) =>
        ranges.map((range) => ({ ...ALL, ...client, ...metric, ...status, ...range })),
      ),
    ),
  );
  const openEnded = queries.filter(({ to }) => to === undefined);
  const reasons = ["amount_missing", "EVT_STORE_UNAVAILABLE", "EVT"];
  return [...queries, ...openEnded.flatMap((query) => reasons.map((reason) => ({ ...query, reason })))];
}

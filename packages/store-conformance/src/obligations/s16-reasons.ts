import assert from "node:assert/strict";
import type { ReasonQuery } from "@evt/core/store";
import { at, TENANT } from "../samples.js";
import { storeTest } from "../store-test.js";
import type { Trial } from "../trial.js";

const ISSUE = { path: "", message: "" };
const MISSING = { ...ISSUE, code: "amount_missing" as const };
const UNDATED = { ...ISSUE, code: "timestamp_missing" as const };

async function reasons(t: Trial, query: Partial<ReasonQuery> = {}) {
  const statuses = ["rejected", "conflict", "failed"] as const;
  const groups = await t.replays.reasons({ tenantId: TENANT, statuses, limit: 100, ...query }, t.call);
  return groups.map(({ status, reasons, count }) => [status, reasons.join("+"), count]);
}

export const reasonCounts = [
  storeTest(
    "S16",
    "open parked events are counted by status and reasons, the largest group first",
    async (t) => {
      await t.insert(t.record());
      await t.park(
        t.rejected({ issues: [MISSING, UNDATED] }),
        ...[1, 2, 3].map(() => t.rejected({ issues: [MISSING] })),
        t.rejected({ issues: [MISSING, MISSING] }),
        ...[1, 2].map(() => t.failure(t.record())),
      );
      assert.deepEqual(await reasons(t), [
        ["rejected", "amount_missing", 4],
        ["failed", "EVT_STORE_UNAVAILABLE", 2],
        ["rejected", "amount_missing+timestamp_missing", 1],
      ]);
      assert.deepEqual(await reasons(t, { limit: 1 }), [["rejected", "amount_missing", 4]]);
      assert.deepEqual(await reasons(t, { statuses: ["failed"] }), [["failed", "EVT_STORE_UNAVAILABLE", 2]]);
      assert.deepEqual(await reasons(t, { tenantId: "another" }), []);
    },
    "replay",
  ),

  storeTest(
    "S16",
    "a group has the first receive time and the last attempt time of its events",
    async (t) => {
      const [first, last] = [t.rejected({ receivedAt: at(5) }), t.rejected({ receivedAt: at(9) })];
      await t.park(last, { ...first, lastAttemptAt: at(20) });
      const query = { tenantId: TENANT, statuses: ["rejected"] as const, limit: 1 };
      const [group] = await t.replays.reasons(query, t.call);
      assert.deepEqual([group?.firstReceivedAt, group?.lastAttemptAt, group?.count], [at(5), at(20), 2]);
    },
    "replay",
  ),

  storeTest(
    "S16",
    "a failure whose event was counted is in no group",
    async (t) => {
      const record = t.record();
      await t.park(t.failure(record));
      await t.insert(t.again(record));
      assert.deepEqual(await reasons(t), []);
    },
    "replay",
  ),

  storeTest(
    "S16",
    "groups are filtered by client, metric and time, like the list",
    async (t) => {
      const given = { clientId: "a", metric: "m", timestamp: at(0) };
      await t.park(
        t.rejected(given),
        t.rejected({ ...given, clientId: "b" }),
        t.rejected({ ...given, metric: "n" }),
      );
      await t.park(t.rejected({ ...given, timestamp: at(10) }));
      const only = [["rejected", "amount_missing", 1]];
      assert.deepEqual(await reasons(t, { clientId: "b" }), only);
      assert.deepEqual(await reasons(t, { metric: "n" }), only);
      assert.deepEqual(await reasons(t, { from: at(1), to: at(11) }), only);
      assert.deepEqual(await reasons(t, { from: at(1), to: at(10) }), []);
    },
    "replay",
  ),

  storeTest(
    "S16",
    "groups are filtered by unit and dimensions, like the list",
    async (t) => {
      const given = { unit: "EUR", dimensions: { plan: "pro", region: "eu" } };
      await t.park(
        t.rejected(given),
        t.rejected({ ...given, unit: "eur" }),
        t.rejected({ ...given, unit: null, dimensions: { plan: "free" } }),
        t.rejected({ unit: null, dimensions: null }),
        t.failure(t.record(given)),
      );
      const counts = async (query: Partial<ReasonQuery>) =>
        (await reasons(t, { statuses: ["rejected"], ...query })).map(([, , count]) => count);
      assert.deepEqual(await counts({ unit: "EUR" }), [1]);
      assert.deepEqual(await counts({ unit: null }), [2]);
      assert.deepEqual(await counts({ unit: "USD" }), []);
      assert.deepEqual(await counts({ dimensions: { plan: "pro" } }), [2]);
      assert.deepEqual(await counts({ dimensions: { region: null } }), [2]);
      assert.deepEqual(await counts({ dimensions: { plan: "free", region: null } }), [1]);
      assert.deepEqual(await counts({ dimensions: { plan: null } }), [1]);
      assert.deepEqual(await reasons(t, { ...given }), [
        ["failed", "EVT_STORE_UNAVAILABLE", 1],
        ["rejected", "amount_missing", 1],
      ]);
    },
    "replay",
  ),

  storeTest(
    "S16",
    "`visibleTo` counts what a bound caller may see, like the list",
    async (t) => {
      await t.park(
        t.rejected({ clientId: "a" }),
        t.rejected({ clientId: "b", vouchedClientId: "a" }),
        t.rejected({ clientId: "a", vouchedClientId: "b" }),
        t.rejected({ clientId: "a", issues: [{ ...ISSUE, code: "client_id_mismatch" }] }),
      );
      assert.deepEqual(await reasons(t, { visibleTo: "a" }), [["rejected", "amount_missing", 2]]);
      assert.deepEqual(await reasons(t, { visibleTo: "b" }), [["rejected", "amount_missing", 1]]);
      assert.deepEqual(await reasons(t, { visibleTo: "c" }), []);
    },
    "replay",
  ),
];

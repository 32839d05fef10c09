import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { isEvtError, type ParkedEvent, type StoreCall } from "@evt/core/store";
import { TENANT } from "../samples.js";
import { storeTest } from "../store-test.js";
import type { Trial } from "../trial.js";

export const calls = [
  storeTest("call", "a ping of a working store resolves", async (t) => {
    await t.store.ping(t.call);
  }),

  storeTest("call", "calls without records, events or ids return nothing", async (t) => {
    assert.deepEqual(await t.store.insert([], t.call), []);
    assert.deepEqual(await t.store.holders([], t.call), []);
    assert.deepEqual(await t.store.get(TENANT, [], t.call), []);
    await t.store.park([], t.call);
    assert.deepEqual(await t.list(), []);
  }),

  storeTest("call", "an empty store lists and counts nothing", async (t) => {
    const query = { tenantId: TENANT, statuses: ["processed"] as const, limit: 1 };
    assert.deepEqual(await t.store.list(query, t.call), { entries: [], more: false });
    assert.equal(await t.counted({ byClientId: true, byMetric: true }), 0);
    assert.deepEqual(await t.store.names({ tenantId: TENANT, of: "clientId", limit: 1 }, t.call), []);
  }),

  storeTest(
    "call",
    "a call with an aborted signal rejects as unavailable, and changes nothing",
    async (t) => {
      await t.insert(t.record());
      const event = t.rejected();
      const aborted = { signal: AbortSignal.abort() };
      for (const [method, attempt] of everyMethod(t, event)) {
        await assert.rejects(attempt(aborted), (error) => isEvtError(error, "EVT_STORE_UNAVAILABLE"), method);
      }
      assert.equal(await t.get(event.id), null, "nothing was parked");
      assert.equal(await t.counted(), 1, "nothing was inserted");
    },
  ),

  storeTest(
    "call",
    "a call whose signal is aborted while it runs resolves, or rejects as unavailable",
    async (t) => {
      await t.insert(t.record());
      for (let ticks = 0; ticks < 3; ticks++) {
        for (const [method, attempt] of everyMethod(t, t.rejected())) {
          const controller = new AbortController();
          const ended = attempt({ signal: controller.signal }).then(
            () => null,
            (error: unknown) => error,
          );
          for (let tick = 0; tick < ticks; tick++) await setImmediate();
          controller.abort();
          const error = await ended;
          assert.ok(
            error === null || isEvtError(error, "EVT_STORE_UNAVAILABLE"),
            `${method} ended with ${String(error)}`,
          );
        }
      }
      await t.store.ping(t.call);
    },
  ),
];

type Attempt = (call: StoreCall) => Promise<unknown>;

function everyMethod(t: Trial, event: ParkedEvent): readonly (readonly [string, Attempt])[] {
  const { store } = t;
  const list = { tenantId: TENANT, statuses: ["processed"] as const, limit: 1 };
  const aggregate = { tenantId: TENANT, byClientId: true, byMetric: true, limit: 1 };
  return [
    ["insert", (call) => store.insert([t.record()], call)],
    ["park", (call) => store.park([event], call)],
    ["holders", (call) => store.holders([t.record()], call)],
    ["get", (call) => store.get(TENANT, [event.id], call)],
    ["list", (call) => store.list(list, call)],
    ["aggregate", (call) => store.aggregate(aggregate, call)],
    ["names", (call) => store.names({ tenantId: TENANT, of: "metric", limit: 1 }, call)],
    ["ping", (call) => store.ping(call)],
  ];
}

import assert from "node:assert/strict";
import { AWKWARD_TENANTS } from "../edge-values.js";
import { at, storedOf, TENANT, WINDOW_MS } from "../samples.js";
import { storeTest } from "../store-test.js";

const OTHER = "other tenant";

export const tenantsApart = [
  storeTest("S13", "one identity in two tenants is two events and two totals", async (t) => {
    const record = t.record({ amount: "1" });
    const others = t.again(record, { tenantId: OTHER, amount: "2" });
    assert.deepEqual(await t.verdicts(record), ["inserted"]);
    assert.deepEqual(await t.verdicts(others), ["inserted"]);
    assert.deepEqual(await t.verdicts(t.again(record)), [record.id]);
    assert.deepEqual(await t.verdicts(t.again(others)), [others.id]);
    for (const { tenantId, amount } of [record, others]) {
      const totals = await t.totals({ tenantId });
      assert.deepEqual(
        totals.map(({ count, sum }) => ({ count, sum })),
        [{ count: 1, sum: amount }],
      );
    }
  }),

  storeTest("S13", "one identity of two tenants in one call is two events, not twins", async (t) => {
    const record = t.record();
    const others = t.again(record, { tenantId: OTHER });
    const verdicts = await t.verdicts(record, others, t.again(others), t.again(record));
    assert.deepEqual(verdicts, ["inserted", "inserted", others.id, record.id]);
    assert.equal(await t.counted(), 1);
    assert.equal(await t.counted({ tenantId: OTHER }), 1);
  }),

  storeTest("S13", "a lapsed claim is taken over only in its own tenant", async (t) => {
    const record = t.windowed(at(0));
    const others = t.again(record, { tenantId: OTHER, receivedAt: at(WINDOW_MS) });
    await t.insert(record, others);
    const late = at(WINDOW_MS + 60_000);
    assert.deepEqual(await t.verdicts(t.again(record, { receivedAt: late })), ["inserted"]);
    assert.deepEqual(await t.verdicts(t.again(others, { receivedAt: late })), [others.id]);
  }),

  storeTest("S13", "an event counted in one tenant does not resolve another tenant's failure", async (t) => {
    const record = t.record();
    const others = { ...record, tenantId: OTHER };
    await t.park(t.failure(others));
    await t.insert(record);
    await t.insert(t.again(record));
    assert.equal(
      (await t.list({ tenantId: OTHER, statuses: ["failed"] })).length,
      1,
      "the failure is still open after another tenant's event is counted",
    );

    const counted = t.record();
    await t.insert(counted);
    await t.park(t.failure({ ...counted, tenantId: OTHER }));
    assert.equal(
      (await t.list({ tenantId: OTHER, statuses: ["failed"] })).length,
      2,
      "the failure is open when it is parked",
    );
  }),

  storeTest("S13", "one parked event in two tenants is two entries with separate attempts", async (t) => {
    const event = t.rejected();
    await t.park(event, { ...event, tenantId: OTHER }, event);
    assert.equal((await t.getParked(event.id)).attempts, 2);
    assert.equal((await t.getParked(event.id, OTHER)).attempts, 1);
  }),

  storeTest("S13", "tenants are distinguished by code point", async (t) => {
    const record = t.record();
    const records = AWKWARD_TENANTS.map((tenantId) => t.again(record, { tenantId }));
    assert.deepEqual(
      await t.verdicts(...records),
      records.map(() => "inserted"),
    );
    for (const own of records) {
      const { tenantId } = own;
      assert.deepEqual(await t.list({ tenantId }), [storedOf(own)], JSON.stringify(tenantId));
      assert.equal(await t.counted({ tenantId }), 1, JSON.stringify(tenantId));
    }
    assert.deepEqual(await t.list({ tenantId: TENANT }), []);
  }),
];

import assert from "node:assert/strict";
import { meanwhile } from "../meanwhile.js";
import { storeTest } from "../store-test.js";

export const totalsMove = [
  storeTest("S6", "totals change only with an inserted event", async (t) => {
    const record = t.record({ amount: "5" });
    const once = [
      { bucket: 0, clientId: null, metric: null, unit: null, count: 1, sum: "5", min: "5", max: "5" },
    ];
    await t.insert(record, t.again(record));
    assert.deepEqual(await t.totals(), once, "a twin in the call does not count");
    await t.insert(t.again(record));
    assert.deepEqual(await t.totals(), once, "a resend does not count");
    await t.insert(t.again(record, { amount: "100", clientId: "other" }));
    assert.deepEqual(await t.totals(), once, "different content with its key does not count");
    await t.park(t.failure(record), t.rejected({ amount: "100", clientId: "client", metric: "metric" }));
    assert.deepEqual(await t.totals(), once, "a parked event does not count");
    await t.insert(t.record({ amount: "2" }));
    assert.deepEqual(await t.totals(), [{ ...once[0], count: 2, sum: "7", min: "2" }]);
  }),

  storeTest("S6", "no reader sees an event before its total, or a total before its event", async (t) => {
    const writer = async () => {
      for (let call = 0; call < 12; call++) await t.insert(...t.records(5));
    };
    await meanwhile(Promise.all([writer(), writer()]), async () => {
      const listed = (await t.list()).length;
      const counted = await t.counted();
      const listedAfter = (await t.list()).length;
      assert.ok(
        counted >= listed,
        `${listed} events were listed, but only ${counted} were counted after that`,
      );
      assert.ok(
        listedAfter >= counted,
        `${counted} events were counted, but only ${listedAfter} were listed after that`,
      );
    });
  }),

  storeTest("S6", "no total is lost if many calls write to one group at the same time", async (t) => {
    const calls = Array.from({ length: 24 }, () => t.records(10, { amount: "0.1" }));
    await Promise.all(calls.map((records) => t.insert(...records)));
    assert.deepEqual(await t.totals({ byClientId: true, byMetric: true }), [
      {
        bucket: 0,
        clientId: "client",
        metric: "metric",
        unit: null,
        count: 240,
        sum: "24",
        min: "0.1",
        max: "0.1",
      },
    ]);
  }),
];

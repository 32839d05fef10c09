import assert from "node:assert/strict";
import type { EventRecord, ParkedEvent } from "@evt/core/store";
import { at } from "../samples.js";
import { storeTest } from "../store-test.js";
import type { Trial } from "../trial.js";

/** Conflicts and rejections resolve the failures of their event. */
export const settlements = [
  ...(["conflict", "rejected"] as const).flatMap((status) => [
    storeTest("S9", `a ${status} event resolves the open failures of its identity and content`, async (t) => {
      const record = t.record();
      const other = t.again(record, { amount: "2" });
      const failure = t.failure(record);
      const sibling = t.failure(record, { id: t.record().identity });
      await t.park(failure, sibling, t.failure(other), t.failure(t.record()));
      const settlement = settlementOf(t, record, status, at(1));
      await t.park(settlement);
      const listed = await t.listedIds({ statuses: ["failed"] });
      assert.equal(listed.length, 2, "a failure with different content or identity remains open");
      assert.equal((await t.getParked(failure.id)).resolvedAt, at(1));
      assert.equal((await t.getParked(sibling.id)).resolvedAt, at(1));
      assert.deepEqual(await t.get(settlement.id), settlement);
    }),

    storeTest(
      "S9",
      `a failure whose event was parked as ${status} is resolved when it is parked`,
      async (t) => {
        const record = t.record();
        await t.park(settlementOf(t, record, status, at(0)));
        const failure = t.failure(record, { receivedAt: at(7), lastAttemptAt: at(7) });
        await t.park(failure);
        assert.deepEqual(await t.listedIds({ statuses: ["failed"] }), []);
        assert.equal((await t.getParked(failure.id)).resolvedAt, at(7));
      },
    ),

    storeTest(
      "S9",
      `a failure and its ${status} event are one entry, whether parked in one call or concurrently`,
      async (t) => {
        for (let round = 0; round < 10; round++) {
          const record = t.record();
          const events = [t.failure(record), settlementOf(t, record, status, at(0))];
          if (round % 2 === 1) events.reverse();
          if (round < 2) await t.park(...events);
          else await Promise.all(events.map((event) => t.park(event)));
        }
        assert.deepEqual(await t.listedIds({ statuses: ["failed"] }), []);
        assert.equal((await t.list({ statuses: [status] })).length, 10);
      },
    ),
  ]),

  storeTest(
    "S9",
    "a rejection without an identity resolves the failures that were sent with the same raw event, client and key",
    async (t) => {
      const sent = { rawJson: '{"a": 1}', vouchedClientId: "client", givenKey: { key: "key" } } as const;
      const failure = t.failure(t.record(), sent);
      const others = [
        { ...sent, rawJson: '{"a":1}' },
        { ...sent, vouchedClientId: "other" },
        { ...sent, vouchedClientId: null },
        { ...sent, givenKey: { key: null } },
        { ...sent, givenKey: { batchKey: "key" } },
        { ...sent, givenKey: null },
        { ...sent, rawJson: null },
      ].map((given) => t.failure(t.record(), given));
      await t.park(failure, ...others, t.failure(t.record({ tenantId: "other" }), sent));
      for (const given of [sent, { ...sent, givenKey: null }, { ...sent, rawJson: null }])
        await t.park(t.rejected({ ...given, receivedAt: at(1), lastAttemptAt: at(1) }));
      assert.equal((await t.getParked(failure.id)).resolvedAt, at(1));
      const open = await t.listedIds({ statuses: ["failed"] });
      assert.deepEqual(new Set(open), new Set(others.map(({ id }) => id)));
      assert.equal((await t.listedIds({ tenantId: "other", statuses: ["failed"] })).length, 1);
    },
  ),

  storeTest("S9", "a rejection in a window resolves an earlier failure, but not a later one", async (t) => {
    const record = t.windowed(at(0));
    const failure = t.failure(record);
    await t.park(failure);
    await t.park(settlementOf(t, record, "rejected", at(1)));
    assert.deepEqual(await t.listedIds({ statuses: ["failed"] }), []);
    const later = { receivedAt: at(2), lastAttemptAt: at(2) };
    await t.park({ ...failure, ...later });
    assert.deepEqual(
      await t.listedIds({ statuses: ["failed"] }),
      [failure.id],
      "the later failure may belong to another event",
    );
  }),
];

/** Returns the event of a record that is parked as conflict or rejected. */
function settlementOf(
  t: Trial,
  record: EventRecord,
  status: "conflict" | "rejected",
  receivedAt: string,
): ParkedEvent {
  const about = { id: t.record().identity, error: null, receivedAt, lastAttemptAt: receivedAt };
  return t.failure(record, { status, ...about });
}

import assert from "node:assert/strict";
import type { EventRecord, ParkedEvent } from "@evt/core";
import { AWKWARD_JSON, AWKWARD_TEXTS } from "../edge-values.js";
import { at, WINDOW_MS } from "../samples.js";
import { storeTest } from "../store-test.js";
import type { Trial } from "../trial.js";

export const parking = [
  storeTest(
    "S9",
    "a parked event comes back as it was, of every status and with every member or none",
    async (t) => {
      const record = t.record();
      await assertKept(t, [
        t.failure(record),
        t.failure(t.windowed(at(3))),
        t.failure(t.record(), { status: "conflict", error: null, conflictsWith: record.id }),
        t.rejected(),
        t.rejected({ clientId: "client", amount: "1" }),
        t.rejected({ metric: "metric", timestamp: "2026-01-01T00:00:00.000001Z", idempotencyKey: "key" }),
        t.rejected({ issues: [], rawJson: null }),
        t.rejected({ vouchedClientId: "client", givenKey: { key: "key" } }),
        t.failure(t.record(), { vouchedClientId: "client", givenKey: { batchKey: "batch" } }),
        t.rejected({ givenKey: { key: null } }),
      ]);
    },
  ),

  storeTest("S9", "texts of parked events, of their issues and errors come back byte for byte", async (t) => {
    const messages = [...AWKWARD_TEXTS, ...AWKWARD_JSON, "a NUL \u0000, a lone surrogate \ud800"];
    await assertKept(t, [
      ...AWKWARD_JSON.map((rawJson) => t.rejected({ rawJson })),
      ...AWKWARD_TEXTS.map((text) => t.rejected({ clientId: text, metric: text, idempotencyKey: text })),
      ...AWKWARD_TEXTS.flatMap((text) => [
        t.rejected({ vouchedClientId: text, givenKey: { key: text } }),
        t.rejected({ givenKey: { batchKey: text } }),
      ]),
      ...messages.map((message) =>
        t.rejected({
          issues: [{ code: "rule_failed", path: `payload.${message}`, message }, ...t.rejected().issues],
        }),
      ),
      ...AWKWARD_TEXTS.map((message) =>
        t.failure(t.record(), { error: { code: "EVT_STORE_UNAVAILABLE", message } }),
      ),
    ]);
  }),

  storeTest(
    "S9",
    "what a caller does to a parked event or to an answer afterwards changes nothing stored",
    async (t) => {
      const event = t.rejected({ givenKey: { key: null } });
      const [issue] = event.issues;
      const sent = {
        ...event,
        givenKey: { key: null },
        issues: [{ ...issue, code: "amount_missing", path: "", message: "no amount" }],
      } as const;
      await t.park(sent);
      Reflect.set(sent, "rawJson", "spoiled");
      Reflect.set(sent.issues[0], "message", "spoiled");
      Reflect.set(sent.givenKey, "key", "spoiled");
      for (let round = 0; round < 2; round++) {
        const entry = await t.getParked(event.id);
        assert.deepEqual(entry, event);
        Reflect.set(entry, "rawJson", "spoiled");
        Reflect.set(entry.issues[0] ?? {}, "message", "spoiled");
        Reflect.set(entry.givenKey ?? {}, "key", "spoiled");
        Reflect.set(entry.issues, "length", 0);
      }
    },
  ),

  storeTest(
    "S9",
    "the same event again counts an attempt, takes over its time and error, and nothing else",
    async (t) => {
      const first = t.failure(t.record());
      await t.park(first);
      const error = { code: "EVT_STORE_CONTENDED", message: "deadlock" };
      await t.park({
        ...first,
        receivedAt: at(9_000),
        lastAttemptAt: at(9_000),
        error,
        rawJson: null,
        clientId: "other",
        vouchedClientId: "other",
        givenKey: { key: "other" },
      });
      const expected = { ...first, attempts: 2, lastAttemptAt: at(9_000), error };
      assert.deepEqual(await t.get(first.id), expected);
      assert.deepEqual(await t.list(), [expected], "it is listed once, by its first receipt");
    },
  ),

  storeTest("S9", "the same event twice in one call counts two attempts", async (t) => {
    const first = t.rejected();
    const last = { ...first, receivedAt: at(5), lastAttemptAt: at(5) };
    await t.park(first, t.rejected(), last);
    assert.deepEqual(await t.get(first.id), { ...first, attempts: 2, lastAttemptAt: at(5) });
  }),

  storeTest("S9", "no attempt is lost where many park one event at once", async (t) => {
    const event = t.rejected();
    const others = t.rejected();
    const calls = Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0 ? [event, others] : [others, event],
    );
    await Promise.all(calls.map((events) => t.park(...events)));
    assert.equal((await t.getParked(event.id)).attempts, calls.length);
    assert.equal((await t.getParked(others.id)).attempts, calls.length);
    assert.equal((await t.list()).length, 2);
  }),

  storeTest("S9", "a failure whose event stands counted is resolved as it is parked", async (t) => {
    const record = t.record();
    await t.insert(record);
    for (const receivedAt of [at(0), at(-60_000), at(60_000)]) {
      const failure = t.failure(record, { id: t.record().identity, receivedAt, lastAttemptAt: receivedAt });
      await t.park(failure);
      assert.notEqual((await t.getParked(failure.id)).resolvedAt, null, `received at ${receivedAt}`);
    }
    assert.deepEqual(await t.listedIds(), [record.id]);
  }),

  storeTest("S9", "a failure is open where its identity stands counted with another content", async (t) => {
    const record = t.record({ amount: "1" });
    await t.insert(record);
    const failure = t.failure(t.again(record, { amount: "2" }));
    await t.park(failure);
    assert.deepEqual(await t.get(failure.id), failure);
    assert.deepEqual(await t.listedIds({ statuses: ["failed"] }), [failure.id]);
  }),

  storeTest(
    "S9",
    "what is rejected or in conflict is not resolved by an event that stands counted",
    async (t) => {
      const record = t.record();
      await t.insert(record);
      const rejected = t.failure(record, { status: "rejected", id: t.record().identity, error: null });
      const conflict = t.failure(record, { status: "conflict", id: t.record().identity, error: null });
      await t.park(rejected, conflict);
      assert.equal((await t.list({ statuses: ["rejected", "conflict"] })).length, 2);
    },
  ),

  storeTest(
    "S9",
    "a claim that had lapsed at a failure's receipt does not resolve it; one that stood does",
    async (t) => {
      const record = t.windowed(at(0));
      await t.insert(record);
      const atEdge = t.failure(record, { id: t.record().identity, receivedAt: at(WINDOW_MS) });
      const within = t.failure(record, { id: t.record().identity, receivedAt: at(WINDOW_MS - 1) });
      await t.park(atEdge, within);
      assert.deepEqual(await t.listedIds({ statuses: ["failed"] }), [atEdge.id]);
    },
  ),

  storeTest("S9", "a resolved failure that fails again after its claim lapsed is open again", async (t) => {
    const record = t.windowed(at(0));
    const failure = t.failure(record);
    await t.park(failure);
    await t.insert(record);
    const later = at(WINDOW_MS + 1);
    await t.park({ ...failure, receivedAt: later, lastAttemptAt: later });
    const expected = { ...failure, attempts: 2, lastAttemptAt: later };
    assert.deepEqual(await t.list({ statuses: ["failed"] }), [expected]);
    assert.deepEqual(await t.insert(t.again(record, { receivedAt: later })), [{ outcome: "inserted" }]);
    assert.deepEqual(await t.listedIds({ statuses: ["failed"] }), [], "and resolved by an insert");
  }),

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
      assert.equal(listed.length, 2, "a failure of another content or identity stays open");
      assert.equal((await t.getParked(failure.id)).resolvedAt, at(1));
      assert.equal((await t.getParked(sibling.id)).resolvedAt, at(1));
      assert.deepEqual(await t.get(settlement.id), settlement);
    }),

    storeTest(
      "S9",
      `a failure whose event was parked as ${status} is resolved as it is parked`,
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
      `a failure and its ${status} event are one entry, parked in one call or at once`,
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
    "a rejection that identifies nothing resolves the failures that were sent alike",
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

  storeTest("S9", "a rejection in a window settles a failure before it, and none after it", async (t) => {
    const record = t.windowed(at(0));
    const failure = t.failure(record);
    await t.park(failure);
    await t.park(settlementOf(t, record, "rejected", at(1)));
    assert.deepEqual(await t.listedIds({ statuses: ["failed"] }), []);
    const later = { receivedAt: at(2), lastAttemptAt: at(2) };
    await t.park({ ...failure, ...later });
    assert.deepEqual(await t.listedIds({ statuses: ["failed"] }), [failure.id], "it may be another event");
  }),

  storeTest(
    "S9",
    "a failure is resolved as it is parked also where its event was pruned",
    async (t) => {
      const record = t.record();
      await t.insert(record);
      await t.prune();
      const failure = t.failure(record);
      await t.park(failure);
      assert.notEqual((await t.getParked(failure.id)).resolvedAt, null);
    },
    "prune",
  ),
];

/** The record's event as it is parked where it is settled without being counted. */
function settlementOf(
  t: Trial,
  record: EventRecord,
  status: "conflict" | "rejected",
  receivedAt: string,
): ParkedEvent {
  const about = { id: t.record().identity, error: null, receivedAt, lastAttemptAt: receivedAt };
  return t.failure(record, { status, ...about });
}

/** The events are parked, and shown by a lookup and by the list. */
async function assertKept(t: Trial, events: readonly ParkedEvent[]): Promise<void> {
  await t.park(...events);
  const ids = events.map(({ id }) => id);
  assert.deepEqual(await t.store.get(events[0]?.tenantId ?? "", ids, t.call), events);
  const listed = new Map((await t.list()).map((entry) => [entry.id, entry]));
  assert.deepEqual(
    ids.map((id) => listed.get(id)),
    events,
  );
}

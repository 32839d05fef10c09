import assert from "node:assert/strict";
import type { ParkedEvent } from "@evt/core/store";
import { AWKWARD_JSON, AWKWARD_TEXTS } from "../edge-values.js";
import { at } from "../samples.js";
import { storeTest } from "../store-test.js";
import type { Trial } from "../trial.js";

const NUMBERED = { rules: 2, batchKey: "batch" } as const;

export const parking = [
  storeTest(
    "S9",
    "a parked event of any status is returned unchanged, with all optional members or none",
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
        t.rejected({ givenKey: { key: "key", ordinal: 1, numbered: NUMBERED, unwrapped: true } }),
      ]);
    },
  ),

  storeTest(
    "S9",
    "strings of parked events, their issues and their errors are returned byte by byte as they were sent",
    async (t) => {
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
    },
  ),

  storeTest(
    "S9",
    "changing a parked event or a result after the call does not change the store",
    async (t) => {
      const event = t.rejected({ givenKey: { key: null, numbered: NUMBERED } });
      const [issue] = event.issues;
      const sent = {
        ...event,
        givenKey: { key: null, numbered: { ...NUMBERED } },
        issues: [{ ...issue, code: "amount_missing", path: "", message: "no amount" }],
      } as const;
      await t.park(sent);
      Reflect.set(sent, "rawJson", "spoiled");
      Reflect.set(sent.issues[0], "message", "spoiled");
      Reflect.set(sent.givenKey, "key", "spoiled");
      Reflect.set(sent.givenKey.numbered, "rules", 9);
      for (let round = 0; round < 2; round++) {
        const entry = await t.getParked(event.id);
        assert.deepEqual(entry, event);
        Reflect.set(entry, "rawJson", "spoiled");
        Reflect.set(entry.issues[0] ?? {}, "message", "spoiled");
        Reflect.set(entry.givenKey ?? {}, "key", "spoiled");
        Reflect.set((entry.givenKey as typeof sent.givenKey).numbered, "rules", 9);
        Reflect.set(entry.issues, "length", 0);
      }
    },
  ),

  storeTest(
    "S9",
    "parking an event again counts an attempt and updates its time and error, nothing else",
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
      assert.deepEqual(await t.list(), [expected], "the event is listed once, at its first receive time");
    },
  ),

  storeTest("S9", "the same event twice in one call counts two attempts", async (t) => {
    const first = t.rejected();
    const last = { ...first, receivedAt: at(5), lastAttemptAt: at(5) };
    await t.park(first, t.rejected(), last);
    assert.deepEqual(await t.get(first.id), { ...first, attempts: 2, lastAttemptAt: at(5) });
  }),

  storeTest("S9", "no attempt is lost if many calls park one event at the same time", async (t) => {
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
];

/** Parks the events, and asserts that a lookup and the list return them unchanged. */
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

import assert from "node:assert/strict";
import { MOST_ATTEMPTS, type ReplayAttempt, sha256Hex } from "@evt/core/store";
import { at, TENANT } from "../samples.js";
import { storeTest } from "../store-test.js";
import type { Trial } from "../trial.js";

let drawn = 0;

function attemptAt(parkedId: string, given: Partial<ReplayAttempt> = {}): ReplayAttempt {
  const replayId = sha256Hex(`attempt ${++drawn}`).slice(0, 32);
  return {
    parkedId,
    replayId,
    at: at(0),
    outcome: "rejected",
    eventId: null,
    reasons: ["amount_missing"],
    ...given,
  };
}

const history = (t: Trial, id: string, tenantId = TENANT) => t.replays.history(tenantId, id, t.call);
const note = (t: Trial, ...attempts: ReplayAttempt[]) => t.replays.note(TENANT, attempts, t.call);

export const attempts = [
  storeTest(
    "S18",
    "attempts that counted nothing are stored, earliest first, and leave the parked event open",
    async (t) => {
      const parked = t.rejected();
      await t.park(parked);
      const early = attemptAt(parked.id);
      const eventId = t.record().id;
      const late = attemptAt(parked.id, {
        at: at(9),
        outcome: "conflict",
        eventId,
        reasons: ["amount_differs", "metric_differs"],
      });
      await note(t, late, early);
      assert.deepEqual(await history(t, parked.id), [early, late]);
      assert.deepEqual(await history(t, eventId), [], "the event that holds the key has no attempt");
      assert.deepEqual(await t.listedIds(), [parked.id]);
    },
    "replay",
  ),

  storeTest(
    "S18",
    "noting an attempt again changes nothing",
    async (t) => {
      const parked = t.rejected();
      await t.park(parked);
      const attempt = attemptAt(parked.id);
      await note(t, attempt);
      await note(t, { ...attempt, at: at(1) });
      assert.deepEqual(await history(t, parked.id), [attempt]);
    },
    "replay",
  ),

  storeTest(
    "S18",
    "a duplicate resolves the parked event, and is in the history of both events",
    async (t) => {
      const parked = t.rejected();
      const record = t.record();
      await t.park(parked);
      await t.insert(record);
      const attempt = attemptAt(parked.id, {
        outcome: "duplicate",
        at: at(7),
        eventId: record.id,
        reasons: [],
      });
      await note(t, attempt);
      assert.equal((await t.getParked(parked.id)).resolvedAt, at(7));
      assert.deepEqual(await history(t, parked.id), [attempt]);
      assert.deepEqual(await history(t, record.id), [attempt]);
      const [outcome] = await t.replays.replay([{ parkedId: parked.id, record: t.record() }], t.call);
      assert.deepEqual(outcome, { outcome: "settled", attempt });
    },
    "replay",
  ),

  storeTest(
    "S18",
    "a long history contains the latest attempts, and always the attempt that counted the event",
    async (t) => {
      const parked = t.rejected();
      const record = t.record({ receivedAt: at(0) });
      await t.park(parked);
      await t.replays.replay([{ parkedId: parked.id, record }], t.call);
      const [counted] = await history(t, record.id);
      const later = Array.from({ length: MOST_ATTEMPTS + 1 }, (_, n) => at(n + 1));
      const refused = later.map((time) => attemptAt(parked.id, { at: time }));
      const duplicates = later.map((time) =>
        attemptAt(t.rejected().id, { at: time, outcome: "duplicate", eventId: record.id, reasons: [] }),
      );
      await note(t, ...refused);
      await note(t, ...duplicates);
      const latest = (attempts: readonly ReplayAttempt[]) => attempts.slice(1 - MOST_ATTEMPTS);
      assert.deepEqual(await history(t, parked.id), [counted, ...latest(refused)]);
      assert.deepEqual(await history(t, record.id), [counted, ...latest(duplicates)]);
    },
    "replay",
  ),

  storeTest(
    "S18",
    "an event that was never replayed has no history, and nor does another tenant's event",
    async (t) => {
      const parked = t.rejected();
      await t.park(parked);
      assert.deepEqual(await history(t, parked.id), []);
      await note(t, attemptAt(parked.id));
      assert.deepEqual(await history(t, parked.id, "another"), []);
    },
    "replay",
  ),
];

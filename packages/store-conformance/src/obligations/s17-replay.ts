import assert from "node:assert/strict";
import type { EventRecord, ParkedEvent, ReplayOutcome } from "@evt/core/store";
import { withLeftOutRaws } from "../left-out-raws.js";
import { at, INSERTED, storedOf, takenBy } from "../samples.js";
import { storeTest } from "../store-test.js";
import type { Trial } from "../trial.js";

const RACERS = 8;

async function replay(
  t: Trial,
  parked: ParkedEvent,
  record: EventRecord,
): Promise<ReplayOutcome | undefined> {
  const outcomes = await t.replays.replay([{ parkedId: parked.id, record }], t.call);
  const [outcome] = await withLeftOutRaws(outcomes, t.store, t.call);
  return outcome;
}

async function parkedOne(t: Trial): Promise<ParkedEvent> {
  const parked = t.rejected();
  await t.park(parked);
  return parked;
}

function processed(parkedId: string, { receiptId: replayId, receivedAt, id: eventId }: EventRecord) {
  return { parkedId, replayId, at: receivedAt, outcome: "processed", eventId, reasons: [] };
}

export const replays = [
  storeTest(
    "S17",
    "a replay counts its event, resolves the parked event and records the attempt",
    async (t) => {
      const parked = await parkedOne(t);
      const record = t.record({ amount: "5", receivedAt: at(60_000) });
      assert.deepEqual(await replay(t, parked, record), INSERTED);
      assert.deepEqual(await t.get(record.id), storedOf(record));
      assert.deepEqual(
        (await t.totals()).map(({ count, sum }) => [count, sum]),
        [[1, "5"]],
      );
      assert.equal((await t.getParked(parked.id)).resolvedAt, at(60_000));
      assert.deepEqual(await t.listedIds({ statuses: ["rejected"] }), []);
      const noted = [processed(parked.id, record)];
      assert.deepEqual(await t.replays.history(parked.tenantId, parked.id, t.call), noted);
      assert.deepEqual(
        await t.replays.history(parked.tenantId, record.id, t.call),
        noted,
        "the counted event has the same history",
      );
    },
    "replay",
  ),

  storeTest(
    "S17",
    "a resolved event is not counted again by any record, and the outcome names the attempt that resolved it",
    async (t) => {
      const parked = await parkedOne(t);
      const record = t.record();
      await replay(t, parked, record);
      const attempt = processed(parked.id, record);
      assert.deepEqual(await replay(t, parked, t.again(record)), { outcome: "settled", attempt });
      assert.deepEqual(await replay(t, parked, t.record()), { outcome: "settled", attempt });
      assert.equal(await t.counted(), 1);
    },
    "replay",
  ),

  storeTest(
    "S17",
    "exactly one of several concurrent replays of one parked event counts it, even if their contents differ",
    async (t) => {
      for (let round = 0; round < 5; round++) {
        const parked = await parkedOne(t);
        const racers = t.records(RACERS);
        const outcomes = await Promise.all(racers.map((record) => replay(t, parked, record)));
        const words = outcomes.map((outcome) => outcome?.outcome).sort();
        assert.deepEqual(words, ["inserted", ...Array(RACERS - 1).fill("settled")]);
      }
      assert.equal(await t.counted(), 5);
    },
    "replay",
  ),

  storeTest(
    "S17",
    "a replay that finds its identity taken leaves the parked event open",
    async (t) => {
      const holder = t.record();
      await t.insert(holder);
      const parked = await parkedOne(t);
      assert.deepEqual(await replay(t, parked, t.again(holder, { amount: "2" })), takenBy(holder));
      assert.deepEqual(await t.listedIds({ statuses: ["rejected"] }), [parked.id]);
      assert.equal(await t.counted(), 1);
      assert.deepEqual(await t.replays.history(parked.tenantId, parked.id, t.call), []);
    },
    "replay",
  ),

  storeTest(
    "S17",
    "of two parked events with one identity in a call, only the first is counted",
    async (t) => {
      const [one, other] = [await parkedOne(t), await parkedOne(t)];
      const record = t.record();
      const both = [
        { parkedId: one.id, record },
        { parkedId: other.id, record: t.again(record) },
      ];
      assert.deepEqual(await t.replays.replay(both, t.call), [INSERTED, takenBy(record)]);
      assert.equal(await t.counted(), 1);
    },
    "replay",
  ),

  storeTest(
    "S17",
    "outcomes are in the order of the replays, with taken, resolved and unknown ones mixed",
    async (t) => {
      const holder = t.record();
      await t.insert(holder);
      const [open, shut, other] = [await parkedOne(t), await parkedOne(t), await parkedOne(t)];
      await replay(t, shut, t.record());
      const outcomes = await t.replays.replay(
        [
          { parkedId: shut.id, record: t.record() },
          { parkedId: other.id, record: t.again(holder) },
          { parkedId: t.rejected().id, record: t.record() },
          { parkedId: open.id, record: t.record() },
        ],
        t.call,
      );
      assert.deepEqual(
        outcomes.map(({ outcome }) => outcome),
        ["settled", "taken", "unknown", "inserted"],
      );
      assert.equal(await t.counted(), 3);
    },
    "replay",
  ),

  storeTest(
    "S17",
    "an event parked in another tenant is unknown, and nothing is counted",
    async (t) => {
      const parked = await parkedOne(t);
      const record = t.record({ tenantId: "another" });
      assert.deepEqual(await replay(t, parked, record), { outcome: "unknown" });
      assert.equal(await t.counted({ tenantId: "another" }), 0);
      assert.equal((await t.getParked(parked.id)).resolvedAt, null);
    },
    "replay",
  ),

  storeTest(
    "S17",
    "a failure whose event a resend has counted is resolved without an attempt",
    async (t) => {
      const record = t.windowed(at(0));
      const failure = t.failure(record);
      await t.park(failure);
      await t.insert(t.again(record));
      assert.deepEqual(await replay(t, failure, t.record()), { outcome: "settled", attempt: null });
      assert.equal(await t.counted(), 1);
    },
    "replay",
  ),

  storeTest(
    "S17",
    "a replayed event behaves like an inserted one in totals, resends and lapsed claims",
    async (t) => {
      const earlier = t.windowed(at(0));
      await t.insert(earlier);
      const parked = await parkedOne(t);
      const later = t.again(earlier, { receivedAt: at(10 * 60_000) });
      assert.deepEqual(await replay(t, parked, later), INSERTED);
      assert.deepEqual(await t.insertOne(t.again(later)), takenBy(later));
      assert.equal(await t.counted(), 2);
    },
    "replay",
  ),
];

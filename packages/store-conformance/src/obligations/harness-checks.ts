import assert from "node:assert/strict";
import type { Ability } from "../harness.js";
import { storeTest } from "../store-test.js";
import { Trial } from "../trial.js";

const ABILITIES: readonly Ability[] = ["reopen", "prune", "poison", "replay"];

/** These tests come first: if stores share data, no other result can be trusted. */
export const harnessChecks = [
  storeTest(
    "harness",
    "each store that create() returns is empty and shares no data with others",
    async (t, harness) => {
      const created = await harness.create();
      try {
        const other = new Trial(created);
        const record = t.record();
        const event = t.rejected();
        assert.deepEqual(await t.verdicts(record), ["inserted"], "the first store is empty");
        await t.park(event);
        assert.deepEqual(await other.list(), [], "the second store lists nothing");
        assert.deepEqual(await other.verdicts(record), ["inserted"], "the second store has no claim");
        assert.equal(await other.get(event.id), null, "the second store has no parked event");
        assert.equal(await t.counted(), 1, "an insert into the second store does not count in the first");
      } finally {
        await created.dispose();
      }
    },
  ),

  storeTest(
    "harness",
    "each ability is either returned by create() or explained in `without`, not both",
    async (_, harness) => {
      const created = await harness.create();
      try {
        for (const ability of ABILITIES) {
          const isGiven = created[ability] !== undefined;
          const reason = harness.without?.[ability];
          const missing = `\`${ability}\` is neither returned by create() nor explained in \`without\``;
          const both = `\`${ability}\` is returned by create(), but explained in \`without\`: ${reason}`;
          assert.ok(isGiven || Boolean(reason), missing);
          assert.ok(!isGiven || reason === undefined, both);
        }
      } finally {
        await created.dispose();
      }
    },
  ),
];

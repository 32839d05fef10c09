import assert from "node:assert/strict";
import type { EntryQuery } from "@evt/core/store";
import { expectedPage } from "../model/expected-page.js";
import { at } from "../samples.js";
import { storeTest } from "../store-test.js";
import { ALL, fill, walk } from "./listed-entries.js";

export const paging = [
  storeTest("S10", "pages of any size show each entry once, in the order of the list", async (t) => {
    const stored = await fill(t);
    const expected = expectedPage(stored, ALL).entries;
    for (const limit of [1, 2, 3, 7, expected.length, expected.length + 1]) {
      assert.deepEqual(await walk(t, { ...ALL, limit }), expected, `in pages of ${limit}`);
      const processed = { ...ALL, statuses: ["processed"] as const };
      assert.deepEqual(await walk(t, { ...processed, limit }), expectedPage(stored, processed).entries);
    }
  }),

  storeTest("S10", "`more` is true if and only if a matching entry follows the page", async (t) => {
    const [oldest, middle, latest] = [0, 1, 2].map((ms) =>
      t.record({ receivedAt: at(ms), clientId: `${ms % 2}` }),
    );
    assert.ok(oldest !== undefined && middle !== undefined && latest !== undefined);
    await t.insert(oldest, middle, latest);
    const more = async (query: Partial<EntryQuery>) =>
      (await t.store.list({ ...ALL, ...query }, t.call)).more;
    assert.equal(await more({ limit: 2 }), true);
    assert.equal(await more({ limit: 3 }), false, "a full page may be the last");
    assert.equal(
      await more({ limit: 1, clientId: middle.clientId }),
      false,
      "the next entry belongs to another client",
    );
    assert.equal(await more({ limit: 1, after: latest }), true);
    assert.equal(await more({ limit: 1, after: middle }), false);
    assert.equal(await more({ limit: 1, after: oldest }), false, "a page may be empty");
  }),

  storeTest(
    "S10",
    "paging shows each entry that was committed at its start once, even if others are inserted meanwhile",
    async (t) => {
      const records = Array.from({ length: 12 }, (_, index) =>
        t.record({ receivedAt: at(Math.floor(index / 4)) }),
      );
      await t.insert(...records);
      for (const limit of [1, 2, 3]) {
        const before = await t.list();
        let pages = 0;
        const walked = await walk(t, { ...ALL, limit }, async ({ receivedAt }) => {
          // stop inserting, or the paging would never end
          if (++pages > before.length) return;
          await t.insert(
            t.record({ receivedAt: at(60_000) }),
            t.record({ receivedAt }),
            t.record({ receivedAt: at(-60_000) }),
            t.record({ receivedAt: at(1) }),
          );
        });
        const ids = walked.map(({ id }) => id);
        assert.equal(new Set(ids).size, ids.length, "no entry is repeated");
        const known = new Set(before.map(({ id }) => id));
        assert.deepEqual(
          ids.filter((id) => known.has(id)),
          before.map(({ id }) => id),
          "no entry is skipped or moved",
        );
      }
    },
  ),

  storeTest("S10", "a position may belong to an entry that left the list, or was never in it", async (t) => {
    const records = Array.from({ length: 5 }, (_, index) => t.record({ receivedAt: at(index) }));
    const failures = records.map((record) => t.failure(record));
    await t.park(...failures);
    const ids = await t.listedIds();
    const [first, second] = await t.list({ limit: 2 });
    assert.ok(first !== undefined && second !== undefined);
    await t.insert(...records.filter(({ identity }) => identity === second.identity));
    assert.deepEqual(
      await t.listedIds({ after: second, statuses: ["failed"] }),
      ids.slice(2),
      "the page begins after a resolved failure",
    );
    const between = { receivedAt: first.receivedAt, id: "0".repeat(64) };
    assert.deepEqual(
      await t.listedIds({ after: between, statuses: ["failed"] }),
      ids.slice(2),
      "the page begins after the lowest id of this receive time",
    );
    const above = { receivedAt: first.receivedAt, id: "f".repeat(64) };
    assert.equal(
      (await t.listedIds({ after: above, statuses: ["failed"] }))[0],
      first.id,
      "the page begins before the highest id of this receive time",
    );
  }),
];

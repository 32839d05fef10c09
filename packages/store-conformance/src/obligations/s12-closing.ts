import assert from "node:assert/strict";
import { storeTest } from "../store-test.js";

export const closing = [
  storeTest(
    "S12",
    "closing twice, one after the other or at the same time, is the same as closing once",
    async (t) => {
      await t.insert(t.record());
      await Promise.all([t.store.close(), t.store.close()]);
      await t.store.close();
    },
  ),

  storeTest(
    "S12",
    "closing a store does not close resources that it was given, so another store over the same data works",
    async (t) => {
      await t.insert(t.record());
      await t.store.close();
      await t.reopen();
      assert.deepEqual(await t.verdicts(t.record()), ["inserted"]);
    },
    "reopen",
  ),
];

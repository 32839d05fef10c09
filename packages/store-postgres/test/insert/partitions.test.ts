import { EvtError, isEvtError } from "@evt/core/store";
import { describe, expect, it } from "vitest";
import type { Query } from "../../src/connection/connections.js";
import { prepared } from "../../src/connection/statement.js";
import { Partitions } from "../../src/insert/partitions.js";
import { recordOf } from "../records.js";

/** The error of an insert into a month without a partition, as the store throws it. */
const missing = () => {
  const cause = Object.assign(new Error('no partition of relation "event" found for row'), {
    severity: "ERROR",
    code: "23514",
    table: "event",
  });
  return new EvtError("EVT_RECORD_REFUSED", "postgres returned SQLSTATE 23514", { cause });
};

/** Runs an insert that fails as often as given, and returns its result and the number of created partitions. */
async function insertFailing(times: number) {
  let made = 0;
  let inserts = 0;
  const query: Query = async () => {
    made++;
    return [];
  };
  const insert = async () => {
    if (++inserts <= times) throw missing();
    return "inserted";
  };
  const result = await new Partitions('"evt"', prepared)
    .retrying([recordOf()], query, insert)
    .catch((error: unknown) => error);
  return { result, made };
}

describe("an insert into a month without a partition", () => {
  it("is tried again after each creation, because the session may not see the partition yet", async () => {
    for (const times of [0, 1, 2, 3])
      expect(await insertFailing(times)).toEqual({ result: "inserted", made: times });
  });

  it("never refuses the records: in the end, the store is unavailable", async () => {
    const { result } = await insertFailing(4);
    expect(isEvtError(result, "EVT_STORE_UNAVAILABLE")).toBe(true);
  });
});

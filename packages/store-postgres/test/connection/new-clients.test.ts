import { maintain, PostgresStore } from "@evt/store-postgres";
import { describe, expect, it } from "vitest";
import { patient } from "../records.js";
import { terminatingPool, unheardErrors } from "../terminating-pool.js";

describe("a connection that Postgres ends while it is created", () => {
  const unheard = unheardErrors();

  it("makes a store's call fail, and does not end the process", async () => {
    const store = new PostgresStore({ pool: await terminatingPool() });
    await expect(store.ping(patient())).rejects.toMatchObject({ code: "EVT_STORE_UNAVAILABLE" });
    expect(unheard).toEqual([]);
  });

  it("makes a call over a pool without a store fail, and does not end the process", async () => {
    const pool = await terminatingPool();
    pool.on("error", () => undefined);
    await expect(maintain(pool)).rejects.toThrow();
    expect(unheard).toEqual([]);
  });

  it("has no listener from the store after the store is closed", async () => {
    const pool = await terminatingPool();
    const store = new PostgresStore({ pool });
    expect(pool.listenerCount("connect")).toBe(1);
    await store.close();
    expect(pool.listenerCount("connect")).toBe(0);
  });
});

import { describe, expect, it } from "vitest";
import { terminatingPool, unheardErrors } from "../../store-postgres/test/terminating-pool.js";
import { onConnection } from "../src/webhook-pool.js";

describe("a connection that Postgres ends as it is made", () => {
  const unheard = unheardErrors();

  it("fails what was to be done on it, does not end the process, and leaves no listener on the pool", async () => {
    const pool = await terminatingPool();
    pool.on("error", () => undefined);
    await expect(onConnection(pool, (ask) => ask("select 1"))).rejects.toThrow();
    expect(unheard).toEqual([]);
    expect(pool.listenerCount("connect")).toBe(0);
  });
});

import { createEvt, EvtError } from "@evt/core";
import { PostgresStore } from "@evt/store-postgres";
import { describe, expect, it } from "vitest";
import { fixture } from "../fixture.js";
import { type Hooks, watched } from "../watched-pool.js";

const EVENTS = [
  { client: "a", amount: "0.1", eventId: "k1" },
  { client: "a", amount: "0.1", eventId: "k1" },
  { client: "a", amount: "0.2", eventId: "k2" },
  { client: "a", amount: "9", eventId: "k2" },
  { client: "b", amount: "0.3" },
  { client: "b" },
];

/** How the nth query fails: before it takes effect, after it, or with its connection. */
const WAYS = {
  "throws before it takes effect": (target: number): Hooks => {
    let query = 0;
    return {
      beforeQuery: () => {
        if (++query === target) throw new Error("Connection terminated unexpectedly");
      },
    };
  },
  "takes effect and throws": (target: number): Hooks => {
    let query = 0;
    return {
      afterQuery: () => {
        if (++query === target) throw new Error("Connection terminated unexpectedly");
      },
    };
  },
  "fails with a deadlock": (target: number): Hooks => {
    let query = 0;
    return {
      beforeQuery: () => {
        if (++query === target)
          throw Object.assign(new Error("deadlock detected"), { severity: "ERROR", code: "40P01" });
      },
    };
  },
} as const;

describe.each(Object.entries(WAYS))("if any query %s", (_, failing) => {
  it("the outcomes are the same, each event is counted once, and every connection is returned", async () => {
    const base = await fixture();
    let asked = Number.POSITIVE_INFINITY;
    for (let target = 1; target <= asked; target++) {
      const seen = watched(base.pool, failing(target));
      const store = new PostgresStore({ pool: seen.pool, schema: base.schema });
      const evt = createEvt({ store, runtime: { random: () => 0 } });
      const tenant = evt.tenant(`run ${target}`);
      const { outcomes } = await tenant.ingestMany(EVENTS);
      const expected = ["processed", "duplicate", "processed", "conflict", "processed", "rejected"];
      expect(outcomes.map(({ outcome }) => outcome)).toEqual(expected);
      const resent = await tenant.ingestMany(EVENTS);
      expect(resent).toMatchObject({ processed: 0, duplicates: 4, conflicts: 1, rejected: 1, failed: 0 });
      asked = seen.asked.length;
      await evt.close();
      expect(seen.borrowed()).toBe(0);

      const { rows } = await createEvt({ store: base.store }).tenant(tenant.tenantId).aggregate();
      expect(rows).toMatchObject([{ count: 3, sum: "0.6" }]);
    }
    expect(asked).toBeGreaterThanOrEqual(5);
  });
});

it("if any call finds no connection, the outcomes are the same", async () => {
  const base = await fixture();
  for (let target = 1; target <= 6; target++) {
    let borrowed = 0;
    const { pool } = watched(base.pool);
    const connect = () => {
      if (++borrowed === target)
        return Promise.reject(new EvtError("EVT_INTERNAL", "any error of a wrapper"));
      return pool.connect();
    };
    const store = new PostgresStore({ pool: { ...pool, connect }, schema: base.schema });
    const evt = createEvt({ store, runtime: { random: () => 0 } });
    const report = await evt.tenant(`run ${target}`).ingestMany(EVENTS);
    expect(report).toMatchObject({ processed: 3, duplicates: 1, conflicts: 1, rejected: 1, failed: 0 });
    await evt.close();
  }
});

import type { PgPool } from "@evt/store-postgres";
import { describe, expect, it } from "vitest";
import { onConnection } from "../../src/connection/transaction.js";
import { foldAll } from "../../src/upkeep/fold-all.js";
import { fixture, testPool } from "../fixture.js";
import { counted } from "../records.js";
import { insertWide } from "../totals/wide-tallies.js";
import { watched } from "../watched-pool.js";

const FIRST_CELLS = 2_000;

/** Returns the number of folded tallies. */
async function foldedIn(schema: string, pool: PgPool): Promise<number> {
  const { folded, refusal } = await onConnection(pool, (query) => foldAll(`"${schema}"`, query, FIRST_CELLS));
  if (refusal !== null) throw refusal;
  return folded;
}

describe("foldAll", () => {
  it("folds any number of cells in slices of limited size that take longer than statement_timeout", async () => {
    const made = await fixture({ foldEvery: 0 });
    const { store, admin, schema } = made;
    await insertWide(made, 12, 400);
    await admin.query(`
      create function ${schema}.slow() returns trigger language plpgsql as 'begin perform pg_sleep(0.6); return null; end';
      create trigger slow before insert on ${schema}.day_total execute function ${schema}.slow()`);
    const hurried = watched(testPool({ statement_timeout: 500 }));
    expect(await foldedIn(schema, hurried.pool)).toBe(12);
    const slices = hurried.asked.filter((text) => text.includes("insert into"));
    expect(slices.length).toBeGreaterThanOrEqual(3);
    expect(await counted(store)).toBe(12 * 400);
  });

  it("ends even if each slice folds less than is inserted meanwhile", async () => {
    const made = await fixture({ foldEvery: 0 });
    await insertWide(made, 20, 400);
    let slices = 0;
    const { pool } = watched(testPool(), {
      beforeQuery: async ({ text }) => {
        if (!text.includes("insert into") || ++slices > 20) return;
        await insertWide(made, 20, 1);
        await insertWide(made, 15, 400);
      },
    });
    await foldedIn(made.schema, pool);
    // without a limit, it would fold while something is inserted, so for more than 20 slices
    expect(slices).toBeLessThan(20);
    const { rows } = await made.admin.query(`select count(*)::int as tallies from ${made.schema}.tally`);
    // without a limit, it would leave only the 35 that arrived during its last slice
    expect(rows[0].tallies).toBeGreaterThan(35);
    expect(await counted(made.store)).toBe(20 * 400 + slices * (20 + 15 * 400));
  });
});

import { maintain } from "@evt/store-postgres";
import { describe, expect, it } from "vitest";
import { fixture } from "../fixture.js";
import { counted, failureOf, insert, patient, recordOf, TENANT } from "../records.js";

const MONTHS = { now: new Date("2026-03-01T00:00:00Z"), monthsAhead: 1 };

describe("maintain", () => {
  it("makes the months to come, folds tallies and marks failures that were counted; then nothing is left", async () => {
    const { store, admin, schema } = await fixture({ months: MONTHS });
    const [counted, open] = [recordOf(), recordOf()];
    await store.park([failureOf(counted), failureOf(open)], patient());
    await insert(store, [counted]);
    await insert(store, [recordOf()]);
    const now = new Date("2026-04-10T00:00:00Z");
    expect(await maintain(admin, { schema, now })).toEqual({ partitions: 3, folded: 2, resolved: 1 });
    expect(await maintain(admin, { schema, now })).toEqual({ partitions: 0, folded: 0, resolved: 0 });
    const { rows } = await admin.query(
      `select resolved_at is not null as resolved from ${schema}.parked order by 1`,
    );
    expect(rows).toEqual([{ resolved: false }, { resolved: true }]);
    const [entry] = await store.get(TENANT, [failureOf(counted).id], patient());
    expect(entry).toMatchObject({ resolvedAt: counted.receivedAt });
  });

  it("does it once, from however many processes at a time", async () => {
    const { store, admin, schema } = await fixture({ months: MONTHS });
    for (let n = 0; n < 300; n++) await insert(store, [recordOf()]);
    const reports = await Promise.all(
      Array.from({ length: 4 }, () => maintain(admin, { schema, now: new Date("2027-01-01T00:00:00Z") })),
    );
    expect(reports.reduce((sum, { partitions }) => sum + partitions, 0)).toBe(3);
    expect(await counted(store)).toBe(300);
    await maintain(admin, { schema });
    const { rows } = await admin.query(`select count(*)::int as tallies from ${schema}.tally`);
    expect(rows).toEqual([{ tallies: 0 }]);
  });

  it.each([
    [{ monthsAhead: -1 }, "monthsAhead is -1"],
    [{ months: 1 }, 'no option "months"'],
    [{ schema: "pg_x" }, 'schema "pg_x" will not do'],
  ])("refuses %j", async (options, message) => {
    const { admin } = await fixture();
    await expect(maintain(admin, options as never)).rejects.toThrow(message);
  });
});

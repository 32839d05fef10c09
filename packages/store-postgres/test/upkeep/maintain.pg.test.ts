import { randomBytes } from "node:crypto";
import { maintain } from "@evt/store-postgres";
import { describe, expect, it } from "vitest";
import { fixture } from "../fixture.js";
import { counted, failureOf, insert, patient, recordOf, TENANT } from "../records.js";
import { until } from "../until.js";

const MONTHS = { now: new Date("2026-03-01T00:00:00Z"), monthsAhead: 1 };

describe("maintain", () => {
  it("creates partitions, folds tallies and resolves counted failures; then nothing is left", async () => {
    const { store, admin, schema } = await fixture({ months: MONTHS });
    const [counted, open] = [recordOf(), recordOf()];
    await store.park([failureOf(counted), failureOf(open)], patient());
    await insert(store, [counted]);
    await insert(store, [recordOf()]);
    const now = new Date("2026-04-10T00:00:00Z");
    const unfolded = { tallies: 0, cells: 0, oldestMs: null, isPartial: false };
    expect(await maintain(admin, { schema, now })).toEqual({
      partitions: 3,
      folded: 2,
      resolved: 1,
      unfolded,
    });
    expect(await maintain(admin, { schema, now })).toEqual({
      partitions: 0,
      folded: 0,
      resolved: 0,
      unfolded,
    });
    const { rows } = await admin.query(
      `select resolved_at is not null as resolved from ${schema}.parked order by 1`,
    );
    expect(rows).toEqual([{ resolved: false }, { resolved: true }]);
    const [entry] = await store.get(TENANT, [failureOf(counted).id], patient());
    expect(entry).toMatchObject({ resolvedAt: counted.receivedAt });
  });

  it("does its work once, in any number of concurrent processes", async () => {
    const { store, admin, schema } = await fixture({ months: MONTHS, foldEvery: 0 });
    for (let n = 0; n < 300; n++) await insert(store, [recordOf()]);
    const reports = await Promise.all(
      Array.from({ length: 4 }, () => maintain(admin, { schema, now: new Date("2027-01-01T00:00:00Z") })),
    );
    expect(reports.reduce((sum, { partitions }) => sum + partitions, 0)).toBe(3);
    expect(reports.reduce((sum, { folded }) => sum + folded, 0)).toBe(300);
    expect(await counted(store)).toBe(300);
    const { rows } = await admin.query(`select count(*)::int as tallies from ${schema}.tally`);
    expect(rows).toEqual([{ tallies: 0 }]);
  });

  it("waits while another process folds, then folds the rest", async () => {
    const { store, admin, schema, pool } = await fixture({ foldEvery: 0 });
    await insert(store, [recordOf()]);
    const holder = await admin.connect();
    const lock = `select pg_advisory_xact_lock(hashtextextended('evt.fold "${schema}"', 0))`;
    await holder.query(`begin; ${lock}`);
    const maintaining = maintain(pool, { schema });
    await until(
      admin,
      "select from pg_stat_activity where application_name = $1 and wait_event = 'advisory'",
      [schema],
    );
    await holder.query("commit");
    holder.release();
    expect((await maintaining).folded).toBe(1);
  });

  it("folds all except refused tallies, does everything else, and throws", async () => {
    const { store, admin, schema } = await fixture({ months: MONTHS, foldEvery: 0 });
    // an index row has at most about 2,700 bytes
    const long = () => String.fromCodePoint(...Array.from(randomBytes(255), (byte) => 0x20000 + byte * 97));
    const tenantId = long();
    await insert(store, [recordOf({ tenantId, clientId: long(), metric: long() })]);
    const failed = recordOf();
    await store.park([failureOf(failed)], patient());
    await insert(store, [failed]);
    for (let n = 0; n < 20; n++) await insert(store, [recordOf()]);
    const maintaining = maintain(admin, { schema, now: new Date("2026-04-10T00:00:00Z") });
    await expect(maintaining).rejects.toThrow("one tally cannot be folded: index row size");
    const { rows } = await admin.query(`select count(*)::int as tallies from ${schema}.tally`);
    expect(rows).toEqual([{ tallies: 1 }]);
    const [entry] = await store.get(TENANT, [failureOf(failed).id], patient());
    expect(entry).toMatchObject({ resolvedAt: failed.receivedAt });
    expect([await counted(store), await counted(store, tenantId)]).toEqual([21, 1]);
  });

  it("throws pg's error if nothing can be folded", async () => {
    const { store, admin, schema } = await fixture({ foldEvery: 0 });
    await admin.query(`alter table ${schema}.day_total add constraint none check (count < 0)`);
    for (let n = 0; n < 40; n++) await insert(store, [recordOf()]);
    await expect(maintain(admin, { schema })).rejects.toMatchObject({ code: "23514", constraint: "none" });
    await admin.query(`alter table ${schema}.day_total drop constraint none`);
    expect((await maintain(admin, { schema })).folded).toBe(40);
  });

  it.each([
    [{ monthsAhead: -1 }, "monthsAhead is -1"],
    [{ months: 1 }, 'no option "months"'],
    [{ schema: "pg_x" }, 'schema is "pg_x"; it must have'],
  ])("refuses %j", async (options, message) => {
    const { admin } = await fixture();
    await expect(maintain(admin, options as never)).rejects.toThrow(message);
  });
});

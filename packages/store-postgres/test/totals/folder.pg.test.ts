import { PostgresStore } from "@evt/store-postgres";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { Connections } from "../../src/connection/connections.js";
import { prepared } from "../../src/connection/statement.js";
import type { Timers } from "../../src/time/timers.js";
import { FoldStatements } from "../../src/totals/fold-statement.js";
import { Folder } from "../../src/totals/folder.js";
import { type Fixture, fixture } from "../fixture.js";
import { counted, insert, recordOf } from "../records.js";
import { folded } from "./folded.js";
import { insertWide } from "./wide-tallies.js";

/** Timers that a test fires by hand. */
class HeldTimers implements Timers {
  readonly waiting = new Map<number, { readonly callback: () => void; readonly ms: number }>();
  #last = 0;

  setTimeout(callback: () => void, ms: number): number {
    this.waiting.set(++this.#last, { callback, ms });
    return this.#last;
  }

  clearTimeout(timer: unknown): void {
    this.waiting.delete(timer as number);
  }

  /** Fires all pending timers and returns their times. */
  fire(): number[] {
    const fired = [...this.waiting.values()];
    this.waiting.clear();
    for (const { callback } of fired) callback();
    return fired.map(({ ms }) => ms);
  }
}

interface FolderFixture extends Fixture {
  readonly folder: Folder;
  readonly timers: HeldTimers;
  readonly errors: string[];
}

async function folderFixture(
  every: number,
  { firstCells = 5_000, mostUnfolded = 50_000 } = {},
): Promise<FolderFixture> {
  const base = await fixture({ foldEvery: 0 });
  const connections = new Connections(base.pool);
  const timers = new HeldTimers();
  const errors: string[] = [];
  const folder = new Folder({
    connections,
    statements: new FoldStatements(`"${base.schema}"`, prepared),
    every,
    onError: (error) => errors.push(String((error as Error).cause)),
    timers,
    firstCells,
    mostUnfolded,
  });
  onTestFinished(async () => {
    await folder.close();
    await connections.close();
  });
  return { ...base, folder, timers, errors };
}

async function tallies({ admin, schema }: Fixture): Promise<number> {
  const { rows } = await admin.query(`select count(*)::int as tallies from ${schema}.tally`);
  return rows[0].tallies;
}

/** Fires the folder's pending timers until the condition is true. */
async function firingUntil({ timers }: FolderFixture, condition: () => Promise<boolean>): Promise<number[]> {
  const waits: number[] = [];
  while (!(await condition())) {
    await new Promise((resolve) => setImmediate(resolve));
    waits.push(...timers.fire());
  }
  return waits;
}

describe("a folder", () => {
  it("folds the tallies of a few inserts once, after a while", async () => {
    const made = await folderFixture(1_000);
    await insert(made.store, [recordOf()]);
    made.folder.note(1);
    made.folder.note(1);
    expect(made.timers.fire()).toEqual([30_000]);
    await expect.poll(() => tallies(made)).toBe(0);
    await made.folder.close();
    expect(made.timers.waiting.size).toBe(0);
  });

  it("continues until nothing is left, and rests after each slice for a part of the slice's time", async () => {
    const made = await folderFixture(1);
    await insertWide(made, 60, 400);
    made.folder.note(1);
    const waits = await firingUntil(made, async () => (await tallies(made)) === 0);
    expect(waits.length).toBeGreaterThanOrEqual(2);
    expect(Math.max(...waits)).toBeLessThan(30_000);
    expect(await counted(made.store)).toBe(60 * 400);
  });

  it("ends its rest immediately when it is closed", async () => {
    const made = await folderFixture(1);
    await insertWide(made, 30, 400);
    made.folder.note(1);
    await expect.poll(() => made.timers.waiting.size).toBe(1);
    await made.folder.close();
    expect(await tallies(made)).toBeGreaterThan(0);
  });

  it("reports each failure, doubles its pause, and folds once the cause is gone", async () => {
    const made = await folderFixture(1);
    await made.admin.query(`alter table ${made.schema}.day_total rename to hidden`);
    await insert(made.store, [recordOf()]);
    made.folder.note(1);
    for (const ms of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
      await expect.poll(() => made.timers.waiting.size).toBe(1);
      // the next insert does not try again before its time
      made.folder.note(1);
      expect(made.timers.waiting.size).toBe(1);
      expect(made.timers.fire()).toEqual([ms]);
    }
    await expect.poll(() => made.errors.length).toBe(9);
    expect(made.errors[0]).toContain("day_total");
    expect(made.folder.state).toMatchObject({ failures: 9, error: { code: "EVT_INTERNAL" } });
    await made.admin.query(`alter table ${made.schema}.hidden rename to day_total`);
    await firingUntil(made, async () => (await tallies(made)) === 0);
    await insert(made.store, [recordOf()]);
    made.folder.note(1);
    await expect.poll(() => tallies(made)).toBe(0);
    expect(made.folder.state).toMatchObject({ failures: 0, error: null });
  });

  it("skips and reports a tally that Postgres refuses to fold", async () => {
    const made = await folderFixture(1);
    await made.admin.query(
      `alter table ${made.schema}.day_total add constraint no_poison check (client_id <> 'poison')`,
    );
    for (let n = 0; n < 40; n++)
      await insert(made.store, [recordOf({ clientId: n === 23 ? "poison" : `client ${n}` })]);
    made.folder.note(1);
    await firingUntil(made, async () => (await tallies(made)) === 1);
    expect(made.errors).toHaveLength(1);
    expect(made.errors[0]).toContain("no_poison");
    expect(await counted(made.store)).toBe(40);
    // later tallies are folded immediately
    await insert(made.store, [recordOf()]);
    made.folder.note(1);
    await firingUntil(made, async () => (await tallies(made)) === 1);
    expect(made.errors).toHaveLength(1);
  });

  it("lets tenants take turns, so a tenant with many tallies does not hold up another", async () => {
    const made = await folderFixture(1, { firstCells: 50 });
    await insertWide(made, 20, 40);
    await insert(made.store, [recordOf({ tenantId: "tenant after acme" })]);
    const left = async () => {
      const { rows } = await made.admin.query(
        `select distinct tenant_id from ${made.schema}.tally order by 1`,
      );
      return rows.map((row) => row.tenant_id);
    };
    made.folder.note(1);
    await expect.poll(() => made.timers.waiting.size).toBe(1);
    expect(await left()).toEqual(["acme", "tenant after acme"]);
    made.timers.fire();
    await expect.poll(left).toEqual(["acme"]);
    await firingUntil(made, async () => (await tallies(made)) === 0);
  });

  it("delays an insert of many records while too much is unfolded, until a slice ends", async () => {
    const made = await folderFixture(1_000_000);
    await insertWide(made, 10, 20);
    made.folder.note(50_001);
    await made.folder.slowDown(99);
    let ended = false;
    const delayed = made.folder.slowDown(100).then(() => {
      ended = true;
    });
    await Promise.resolve();
    expect(ended).toBe(false);
    expect(made.folder.state.delaysInserts).toBe(true);
    await delayed;
    // the slice returned how much is left
    await expect.poll(() => tallies(made)).toBe(0);
    expect(made.folder.state.delaysInserts).toBe(false);
    await made.folder.slowDown(100);
  });

  it("ends the delays of inserts when it is closed, and then delays none", async () => {
    const made = await folderFixture(1_000_000);
    const other = await made.admin.connect();
    await other.query(`begin; lock table ${made.schema}.tally`);
    made.folder.note(50_001);
    const delayed = made.folder.slowDown(100);
    expect(made.folder.state.delaysInserts).toBe(true);
    const closing = made.folder.close();
    // no timer fires, and no slice ends
    await delayed;
    expect(made.folder.state.delaysInserts).toBe(false);
    await made.folder.slowDown(100);
    await other.query("rollback");
    other.release();
    await closing;
  });

  it("does not rest between slices while too much is unfolded, and knows when nothing is left", async () => {
    const made = await folderFixture(1, { firstCells: 150, mostUnfolded: 100 });
    await insertWide(made, 10, 100);
    made.folder.note(1_000);
    expect(made.folder.state.delaysInserts).toBe(true);
    // no timer fires
    await expect.poll(() => tallies(made)).toBe(0);
    await expect.poll(() => made.folder.state.delaysInserts).toBe(false);
  });

  it("delays an insert only for a short time, even if no slice ends", async () => {
    const made = await folderFixture(1_000_000);
    const other = await made.admin.connect();
    await other.query(`begin; lock table ${made.schema}.tally`);
    made.folder.note(50_001);
    const delayed = made.folder.slowDown(100);
    expect(made.timers.fire()).toContain(150);
    await delayed;
    await other.query("rollback");
    other.release();
  });

  it("delays an insert for the whole time while another process folds", async () => {
    const made = await folderFixture(1_000_000, { mostUnfolded: 50 });
    await insertWide(made, 2, 40);
    const other = await made.admin.connect();
    await other.query(
      `begin; select pg_advisory_xact_lock(hashtextextended('evt.fold "${made.schema}"', 0))`,
    );
    made.folder.note(51);
    let ended = false;
    const delayed = made.folder.slowDown(100).then(() => {
      ended = true;
    });
    // the delay, and the next attempt after the folder found the lock taken
    await expect.poll(() => [...made.timers.waiting.values()].map(({ ms }) => ms)).toEqual([150, 100]);
    expect(ended).toBe(false);
    made.timers.fire();
    await delayed;
    await other.query("rollback");
    other.release();
  });

  it("does not delay inserts while folding fails, or if it does not fold", async () => {
    const made = await folderFixture(1);
    await made.admin.query(`alter table ${made.schema}.day_total rename to hidden`);
    await insert(made.store, [recordOf()]);
    made.folder.note(50_001);
    await expect.poll(() => made.errors.length).toBe(1);
    expect(made.folder.state.delaysInserts).toBe(false);
    await made.folder.slowDown(1_000);
    expect(made.errors).toHaveLength(1);
    await made.admin.query(`alter table ${made.schema}.hidden rename to day_total`);

    const never = await folderFixture(0);
    never.folder.note(50_001);
    await never.folder.slowDown(1_000);
  });

  it("asks soon again how much is left if another process folds and much is left", async () => {
    const made = await folderFixture(1, { mostUnfolded: 50 });
    await insertWide(made, 2, 40);
    const other = await made.admin.connect();
    await other.query(
      `begin; select pg_advisory_xact_lock(hashtextextended('evt.fold "${made.schema}"', 0))`,
    );
    made.folder.note(1);
    await expect.poll(() => made.timers.waiting.size).toBe(1);
    expect(made.timers.fire()).toEqual([100]);
    await other.query("rollback");
    other.release();
    await firingUntil(made, async () => (await tallies(made)) === 0);
  });

  it("tries again later if another process folds", async () => {
    const made = await folderFixture(1);
    await insert(made.store, [recordOf()]);
    const other = await made.admin.connect();
    await other.query(
      `begin; select pg_advisory_xact_lock(hashtextextended('evt.fold "${made.schema}"', 0))`,
    );
    made.folder.note(1);
    await expect.poll(() => made.timers.waiting.size).toBe(1);
    expect(await tallies(made)).toBe(1);
    await other.query("rollback");
    other.release();
    expect(made.timers.fire()).toEqual([30_000]);
    await expect.poll(() => tallies(made)).toBe(0);
    expect(made.errors).toEqual([]);
  });
});

it("a store folds a burst whose slices take longer than its pool's statement_timeout", async () => {
  const made = await fixture({ config: { statement_timeout: 1_000 }, foldEvery: 10 });
  await made.admin.query(`
    create function ${made.schema}.slow() returns trigger language plpgsql as 'begin perform pg_sleep(1.2); return null; end';
    create trigger slow before insert on ${made.schema}.day_total execute function ${made.schema}.slow()`);
  await insertWide(made, 10, 20);
  await expect.poll(() => tallies(made), { timeout: 30_000 }).toBe(0);
  expect(await counted(made.store)).toBe(200);
});

it("a store without onUpkeepError warns once about a repeated failure", async () => {
  const warned: unknown[] = [];
  const warn = vi.spyOn(process, "emitWarning").mockImplementation((warning) => warned.push(warning));
  onTestFinished(() => warn.mockRestore());
  const made = await fixture({ foldEvery: 1 });
  await made.admin.query(`alter table ${made.schema}.day_total add constraint none check (count < 0)`);
  for (let n = 0; n < 3; n++) await insert(made.store, [recordOf()]);
  await expect.poll(() => warned.length, { timeout: 20_000 }).toBe(1);
  expect(String(warned[0])).toMatch(
    /could not fold tallies and tries again later: .*violates check constraint "none"/,
  );
  await made.admin.query(`alter table ${made.schema}.day_total drop constraint none`);
  expect(await folded(made)).toBe(3);
});

it("a store refuses an onUpkeepError that is not a function", async () => {
  const { pool } = await fixture();
  expect(() => new PostgresStore({ pool, onUpkeepError: "log" as never })).toThrow(
    "onUpkeepError is log; it must be a function",
  );
});

import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { checkRolledUp, checkStored, digestOfStored, totalsOf } from "../../src/database/stored.js";
import { type Arena, agreement } from "../../src/durable-ingest/arena.js";
import { durableIngest } from "../../src/durable-ingest/contest.js";
import { copyFloor } from "../../src/durable-ingest/copy-floor.js";
import { ingest } from "../../src/durable-ingest/ingest.js";
import { oneAtATime } from "../../src/durable-ingest/one-at-a-time.js";
import { storeInsert } from "../../src/durable-ingest/store-insert.js";
import { makeLoad } from "../../src/load/load.js";

const name = `bench_${randomBytes(6).toString("hex")}`;
const admin = new pg.Pool({ connectionString: inject("postgresUrl"), max: 1 });
const url = Object.assign(new URL(inject("postgresUrl")), { pathname: `/${name}` }).href;
const database = new pg.Pool({ connectionString: url, max: 1 });

// an ended connection lingers for a moment, and the database's end is told on it
for (const pool of [admin, database]) pool.on("error", () => undefined);

const load = await makeLoad(3);
const sent = totalsOf(load.raws.flat());
const arena: Arena = { url, load, writers: 2, warmUpBatches: 1, singleEvents: 40, agree: agreement() };

beforeAll(async () => {
  await admin.query(`create database ${name}`);
});

afterAll(async () => {
  await database.end();
  await admin.query(`drop database ${name} with (force)`);
  await admin.end();
});

describe("every row", () => {
  test.each([
    ["copy floor", copyFloor],
    ["store.insert", storeInsert],
    ["ingest", ingest],
    ["one at a time", oneAtATime],
  ])("%s is measured on fresh tables each time, and counts what was sent", async (_, measureOf) => {
    const measure = measureOf(arena);
    expect(await measure()).toBeGreaterThan(0);
    expect(await measure()).toBeGreaterThan(0);
  });

  test("of the contest has its measure, and is held against rows of the contest", async () => {
    const { rows } = durableIngest;
    const measures = await durableIngest.prepare({ url, quick: true });
    const names = rows.map((row) => row.name);
    expect([...measures.keys()]).toEqual(names);
    for (const { against } of rows.flatMap(({ comparisons }) => comparisons))
      expect(names).toContain(against);
  });
});

describe("the floor and the store", () => {
  test("leave the same rows, column by column", async () => {
    const digests: string[] = [];
    const both: Arena = { ...arena, agree: (digest) => digests.push(digest) };
    await copyFloor(both)();
    await storeInsert(both)();
    expect(digests[0]).toMatch(/^-?\d+ -?\d+$/);
    expect(digests[1]).toBe(digests[0]);
  });

  test("are found out where they do not", () => {
    const agree = agreement();
    agree("1 2");
    agree("1 2");
    expect(() => agree("1 3")).toThrow("the same rows");
  });
});

describe("the checks at the end of a row find", () => {
  const after = async (change: string) => {
    await storeInsert(arena)();
    await checkStored(database, sent);
    await checkRolledUp(database, sent);
    await database.query(change);
  };

  test("an event without its claim", async () => {
    await after("delete from evt.claim where identity = (select identity from evt.claim limit 1)");
    await expect(checkStored(database, sent)).rejects.toThrow("2999");
  });

  test("an event that is counted twice", async () => {
    await after("insert into evt.event select * from evt.event limit 1");
    await expect(checkStored(database, sent)).rejects.toThrow("3001");
  });

  test("a claim too many", async () => {
    await after(
      "insert into evt.claim select tenant_id, '\\x00', received_at, null, null, null, receipt_id from evt.claim limit 1",
    );
    await expect(checkStored(database, sent)).rejects.toThrow("3001");
  });

  test("an amount that moved", async () => {
    await after("update evt.event set amount = amount + 1 where id = (select id from evt.event limit 1)");
    await expect(checkStored(database, sent)).rejects.toThrow(`3000 of ${sent.sum + 1}`);
  });

  test("a total that moved", async () => {
    await after("update evt.rollup set sum = sum + 1 where ctid = (select ctid from evt.rollup limit 1)");
    await expect(checkRolledUp(database, sent)).rejects.toThrow(`3000 of ${sent.sum + 1}`);
  });

  test("a column that differs, by its digest", async () => {
    await storeInsert(arena)();
    const before = await digestOfStored(database);
    await database.query(
      "update evt.claim set receipt_id = gen_random_uuid() where identity = (select identity from evt.claim limit 1)",
    );
    expect(await digestOfStored(database)).not.toBe(before);
  });
});

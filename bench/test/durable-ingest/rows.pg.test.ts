import { measuredApart } from "@evt/programs";
import { maintain } from "@evt/store-postgres";
import { describe, expect, test } from "vitest";
import { SCHEMA } from "../../src/database/fresh-schema.js";
import { checkRolledUp, checkStored, digestOfStored, totalsOf } from "../../src/database/stored.js";
import { agreement } from "../../src/durable-ingest/agreement.js";
import type { Arena } from "../../src/durable-ingest/arena.js";
import type { ContestantRequest, ContestantResult } from "../../src/durable-ingest/contestant.js";
import { CONTESTANTS } from "../../src/durable-ingest/contestants.js";
import { storeInsert } from "../../src/durable-ingest/store-insert.js";
import { makeLoad } from "../../src/load/load.js";
import { benchDatabase } from "../bench-database.js";

const { url, pool: database } = benchDatabase();
const endMs = Date.parse("2026-11-24T12:00:00Z");
const load = await makeLoad(3, endMs);
const sent = totalsOf(load.raws.flat());
const size = { writers: 2, warmUpBatches: 1, singleEvents: 40 };
const arena: Arena = { url, load, ...size, agree: agreement() };
const request: Omit<ContestantRequest, "row"> = { url, ...size, batches: 3, endMs };
const CONTESTANT = new URL("../../src/durable-ingest/contestant.ts", import.meta.url);

describe("every contestant", () => {
  test.each([...CONTESTANTS])(
    "%s is measured on new tables each time and counts all sent events",
    async (_, make) => {
      const measure = await make(arena);
      expect(await measure()).toBeGreaterThan(0);
      expect(await measure()).toBeGreaterThan(0);
    },
  );

  test("in its own process returns its tables' digest if others must store the same rows", async () => {
    const { value, digest } = await measuredApart<ContestantResult>(CONTESTANT, {
      ...request,
      row: "copy floor",
    });
    expect(value).toBeGreaterThan(0);
    expect(digest).toBe(await digestOfStored(database));
    const other = await measuredApart<ContestantResult>(CONTESTANT, { ...request, row: "one at a time" });
    expect(other.digest).toBeUndefined();
  });

  test("an unknown contestant ends its process with an error", async () => {
    const measuring = measuredApart(CONTESTANT, { ...request, row: "nobody" });
    await expect(measuring).rejects.toThrow("exit code 1 before it sent a message");
  });
});

describe("the floor and the store", () => {
  test("store the same rows, column by column", async () => {
    const digests: string[] = [];
    const both: Arena = { ...arena, agree: (digest) => digests.push(digest) };
    for (const row of ["copy floor", "store.insert"]) await (await CONTESTANTS.get(row)?.(both))?.();
    expect(digests[0]).toMatch(/^-?\d+ -?\d+$/);
    expect(digests[1]).toBe(digests[0]);
  });

  test("are reported if they store different rows", () => {
    const agree = agreement();
    agree("1 2");
    agree("1 2");
    expect(() => agree("1 3")).toThrow("wrote different rows");
  });
});

describe("the checks at the end of a measurement find", () => {
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

  test("an additional claim", async () => {
    await after(
      "insert into evt.claim select received_at, null, receipt_id, tenant_id, place, '\\x00', null, null from evt.claim limit 1",
    );
    await expect(checkStored(database, sent)).rejects.toThrow("3001");
  });

  test("a changed amount", async () => {
    await after("update evt.event set amount = amount + 1 where id = (select id from evt.event limit 1)");
    await expect(checkStored(database, sent)).rejects.toThrow(`found 3000 with the sum ${sent.sum + 1}`);
  });

  test("a changed total, folded or not", async () => {
    await after(
      "update evt.tally set sums[1] = sums[1] + 1 where ctid = (select ctid from evt.tally limit 1)",
    );
    await expect(checkRolledUp(database, sent)).rejects.toThrow(`found 3000 with the sum ${sent.sum + 1}`);
    await maintain(database, { schema: SCHEMA });
    await expect(checkRolledUp(database, sent)).rejects.toThrow(`found 3000 with the sum ${sent.sum + 1}`);
  });

  test("a different column, by its digest", async () => {
    await storeInsert(arena)();
    const before = await digestOfStored(database);
    await database.query(
      "update evt.claim set receipt_id = gen_random_uuid() where identity = (select identity from evt.claim limit 1)",
    );
    expect(await digestOfStored(database)).not.toBe(before);
  });
});

import { maintain } from "@evt/store-postgres";
import { beforeAll, describe, expect, test } from "vitest";
import { depth } from "../../../test/setup/depth.js";
import { makeFresh } from "../../src/database/fresh-schema.js";
import { arenaOf, COPY, EMPTY, fill, newLoad, STORED, YEAR } from "../../src/many-series/arena.js";
import { manySeries } from "../../src/many-series/contest.js";
import { copyEvents } from "../../src/many-series/copy-events.js";
import { ingestApart } from "../../src/many-series/ingest-apart.js";
import { ingestRows } from "../../src/many-series/ingest-rows.js";
import { monthsBefore } from "../../src/many-series/months.js";
import { CLIENT_QUESTIONS } from "../../src/many-series/questions.js";
import { checkTotalsOfStored, readRows } from "../../src/many-series/read-rows.js";
import { clientRow, clientRowOfEvents } from "../../src/many-series/row-names.js";
import type { Size } from "../../src/many-series/sizes.js";
import { bytesOfAll, bytesOfTotals } from "../../src/many-series/storage.js";
import { checkEqual } from "../../src/ten-million/totals.js";
import { benchDatabase } from "../bench-database.js";

const { url, pool } = benchDatabase();
const months = monthsBefore(new Date("2026-11-24T12:00:00Z"));
const lines: string[] = [];
const size: Size = {
  ...{ stored: 2_000, year: 2_000, batches: 3, warmUpBatches: 1 },
  ...{ events: 300, warmUpEvents: 100, readMs: 50 },
};
const setting = { url, quick: true, full: false, onProgress: (line: string) => lines.push(line) };
const arena = arenaOf(setting, size, months, pool);
const ingest = ingestRows(arena);
const read = readRows(arena, { rate: 10_000, bytesOfTotals: 200_000, bytesOfAll: 900_000 });

/** The same function measures every query about a client. The short form measures one of these queries. */
function isMeasured([name]: (typeof read)[number]): boolean {
  const others = Object.keys(CLIENT_QUESTIONS).slice(depth(1, Number.POSITIVE_INFINITY));
  return !others.flatMap((question) => [clientRow(question), clientRowOfEvents(question)]).includes(name);
}

beforeAll(async () => {
  await fill(arena, STORED, newLoad("time", months.stored, size.stored));
  await fill(arena, YEAR, newLoad("random", months.year, size.year, { plans: 2 }));
  await copyEvents(pool, STORED, COPY);
});

describe("every row", () => {
  test("has a measure", () => {
    const measured = [...ingest, ...read].map(([name]) => name);
    expect(measured.sort()).toEqual(manySeries.rows.map(({ name }) => name).sort());
  });

  test.each([...ingest, ...read].filter(isMeasured))("%s is measured", async (_, measure) => {
    expect(await measure()).toBeGreaterThan(0);
  });

  test("can be measured again", async () => {
    const [[, measure] = []] = ingest;
    expect(await measure?.()).toBeGreaterThan(0);
  });
});

describe("the totals of the stored events", () => {
  test("equal the events, also after more events are ingested", async () => {
    await checkTotalsOfStored(arena);
  });

  test("are reported if they differ from the events", async () => {
    const stored = arena.tenantIn(STORED);
    for (const question of Object.values(CLIENT_QUESTIONS)) {
      const { asked, sql } = question(0, months.stored);
      const spoilt = { asked, sql: (schema: string) => sql(schema).replace("count(*)", "1 + count(*)") };
      const changed = {
        ...spoilt,
        sql: (schema: string) => spoilt.sql(schema).replace(/client_id = '[^']*'/, "true"),
      };
      await expect(checkEqual(pool, COPY, changed, stored)).rejects.toThrow("the totals differ");
    }
  });
});

describe("storage", () => {
  test("of the totals is a part of the whole storage", async () => {
    const totals = await bytesOfTotals(pool, STORED);
    expect(totals).toBeGreaterThan(2_000 * 50);
    expect(await bytesOfAll(pool, STORED)).toBeGreaterThan(totals + 2_000 * 200);
  });

  test("includes the sealed month", async () => {
    const { rows } = await pool.query(`select count(*)::int as clients from ${STORED}.month_total`);
    expect(rows[0].clients).toBeGreaterThan(1_900);
  });
});

describe("a load", () => {
  const checked = { nowMs: months.nowMs, isAlone: true };

  test("is measured until every tally is folded", async () => {
    const load = newLoad("time", months.stored, 3_000);
    await makeFresh(pool, EMPTY);
    const size = { batches: 3, warmUpBatches: 1, callers: 2 };
    expect(await ingestApart({ url, schema: EMPTY, load, ...size, ...checked, raw: "keep" })).toBeGreaterThan(
      0,
    );
    const { folded } = await maintain(pool, { schema: EMPTY });
    expect(folded).toBe(0);
  });

  test("with an event that is already stored ends with an error", async () => {
    const load = newLoad("time", months.stored, 2_000);
    await makeFresh(pool, EMPTY);
    const request = { url, schema: EMPTY, load, batches: 2, warmUpBatches: 1, callers: 2 };
    await ingestApart({ ...request, ...checked, raw: "drop" });
    const again = ingestApart({ ...request, ...checked, raw: "drop" });
    await expect(again).rejects.toThrow("exit code 1 before it sent a message");
  });
});

test("progress shows how many queries were asked during ingest", () => {
  expect(lines.filter((line) => line.includes("queries during ingest of"))).not.toHaveLength(0);
});

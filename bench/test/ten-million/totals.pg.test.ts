import { createEvt } from "@evt/core";
import { PostgresStore } from "@evt/store-postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeFresh, SCHEMA } from "../../src/database/fresh-schema.js";
import { readFlights } from "../../src/load/flights.js";
import { TENANT } from "../../src/load/load.js";
import { firstPage, pageNumber } from "../../src/ten-million/pages.js";
import { storedEvents } from "../../src/ten-million/stored-events.js";
import { askedOfEvents, askedOfEvt, dailyOf, EVERYTHING } from "../../src/ten-million/totals.js";
import { benchDatabase } from "../bench-database.js";

const END = Date.parse("2026-11-24T12:00:00Z");
const { pool } = benchDatabase();
const evt = createEvt({ store: new PostgresStore({ pool, schema: SCHEMA }) });
const tenant = evt.tenant(TENANT);
const daily = dailyOf("ORD", new Date(END - 300 * 86_400_000 + 12_345), new Date(END - 20 * 86_400_000));

beforeAll(async () => {
  await makeFresh(pool, SCHEMA);
  await tenant.ingestStream(storedEvents(await readFlights(), 3_000, END));
});
afterAll(() => evt.close());

describe.each([
  ["everything", EVERYTHING],
  ["a client's days", daily],
])("the totals of %s", (_, question) => {
  test("equal the events", async () => {
    expect(await askedOfEvents(pool, SCHEMA, question, tenant)()).toBeGreaterThan(0);
    expect(await askedOfEvt(tenant, question)()).toBeGreaterThan(0);
  });

  test("are reported if they differ from the events", async () => {
    const spoilt = {
      ...question,
      sql: (schema: string) => question.sql(schema).replace("sum(amount)", "sum(amount + 1)"),
    };
    await expect(askedOfEvents(pool, SCHEMA, spoilt, tenant)()).rejects.toThrow(
      "the totals differ from the events",
    );
  });
});

describe("a page", () => {
  test("is read with its cursor", async () => {
    expect(await firstPage(tenant)()).toBeGreaterThan(0);
    expect(await (await pageNumber(tenant, 30))()).toBeGreaterThan(0);
  });

  test("beyond the end is an error", async () => {
    await expect(pageNumber(tenant, 32)).rejects.toThrow("there is no page 31");
  });
});

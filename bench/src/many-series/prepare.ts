import pg from "pg";
import { dropSchemas } from "../database/fresh-schema.js";
import type { Prepared, Setting } from "../harness/contest.js";
import { type Arena, arenaOf, COPY, EMPTY, fill, newLoad, STORED, YEAR } from "./arena.js";
import { copyEvents } from "./copy-events.js";
import { ingestRows } from "./ingest-rows.js";
import { monthsBefore } from "./months.js";
import { checkTotalsOfStored, type Filled, readRows } from "./read-rows.js";
import { ROW } from "./row-names.js";
import { sizeOf } from "./sizes.js";
import { bytesOfAll, bytesOfTotals } from "./storage.js";

const CONNECTIONS = 10;
/** The totals by metric and plan are kept. */
const PLANS = 5;
/** For the measures of rows that are not wanted. */
const NOT_FILLED: Filled = { rate: 0, bytesOfTotals: 0, bytesOfAll: 0 };

/** Fills the schemas that the wanted rows need. */
export async function prepareManySeries(setting: Setting, wanted: ReadonlySet<string>): Promise<Prepared> {
  const pool = new pg.Pool({ connectionString: setting.url, max: CONNECTIONS });
  pool.on("error", () => undefined);
  const dispose = async () => {
    await dropSchemas(pool, [EMPTY, STORED, YEAR, COPY]);
    await pool.end();
  };
  const arena = arenaOf(setting, sizeOf(setting), monthsBefore(new Date()), pool);
  try {
    const ingest = ingestRows(arena);
    const withoutStored = new Set(ingest.map(([name]) => name).filter((name) => name !== ROW.sparseStored));
    const needsStored = [...wanted].some((name) => !withoutStored.has(name));
    const read = readRows(arena, needsStored ? await filled(arena) : NOT_FILLED);
    return { measures: new Map([...ingest, ...read]), dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Stores the events of the read rows, and checks their totals. */
async function filled(arena: Arena): Promise<Filled> {
  const { pool, size, months } = arena;
  const rate = await fill(arena, STORED, newLoad("time", months.stored, size.stored));
  const bytes = {
    bytesOfTotals: await bytesOfTotals(pool, STORED),
    bytesOfAll: await bytesOfAll(pool, STORED),
  };
  await fill(arena, YEAR, newLoad("random", months.year, size.year, { plans: PLANS }));
  await copyEvents(pool, STORED, COPY);
  await checkTotalsOfStored(arena);
  return { rate, ...bytes };
}

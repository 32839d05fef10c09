import { measuredApart } from "@evt/programs";
import { makeFresh } from "../database/fresh-schema.js";
import type { Measure } from "../harness/contest.js";
import { together } from "../harness/together.js";
import { BATCH_SIZE } from "../load/load.js";
import { type Arena, EMPTY, ingestRequest, newLoad, STORED } from "./arena.js";
import { ingestApart } from "./ingest-apart.js";
import type { IngestLoadRequest } from "./ingest-load.js";
import { anyTotals } from "./questions.js";
import { asksEvt, mostUnfolded, slowestP95 } from "./reads.js";
import { ROW } from "./row-names.js";
import { bytesOfTotals } from "./storage.js";
import type { TenantsEventsRequest } from "./tenants-events.js";

const TENANTS_EVENTS = new URL("./tenants-events.ts", import.meta.url);
const SINGLE_CALLERS = 64;
const TENANTS = 2_000;
const DAY_MS = 86_400_000;

type Rows = readonly (readonly [string, Measure])[];

/** The rows of ingest and of the storage afterwards. */
export function ingestRows(arena: Arena): Rows {
  const { pool, size, months } = arena;
  const count = size.batches * BATCH_SIZE;
  const sparse = () => newLoad("time", months.stored, count);
  const scattered = () => newLoad("random", months.year, count);
  const dense = () => ({ order: "dense" as const, startMs: Date.now() - DAY_MS });
  const onEmpty = async (load: IngestLoadRequest["load"], meanwhile?: Parameters<typeof ingestApart>[1]) => {
    await makeFresh(pool, EMPTY);
    return ingestApart(ingestRequest(arena, EMPTY, load), meanwhile);
  };
  return [
    ...together([ROW.dense, ROW.denseStorage], async () => {
      const rate = await onEmpty(dense());
      const bytes = (await bytesOfTotals(pool, EMPTY)) / count;
      return { [ROW.dense]: rate, [ROW.denseStorage]: bytes };
    }),
    [ROW.sparse, () => onEmpty(sparse())],
    [ROW.scattered, () => onEmpty(scattered())],
    [ROW.sparseStored, () => ontoStored(arena)],
    [ROW.oneTenant, singleEvents(arena, 1)],
    [ROW.manyTenants, singleEvents(arena, TENANTS)],
    ...together([ROW.unfolded, ROW.readMeanwhile], async () => {
      const tenant = arena.tenantIn(EMPTY);
      const asks = anyTotals(months.stored).map((question) => asksEvt(tenant, question));
      let found = { [ROW.unfolded]: 0, [ROW.readMeanwhile]: 0 };
      await onEmpty(sparse(), async (goesOn) => {
        const [cells, ms] = await Promise.all([mostUnfolded(pool, EMPTY, goesOn), slowestP95(asks, goesOn)]);
        found = { [ROW.unfolded]: cells, [ROW.readMeanwhile]: ms };
      });
      return found;
    }),
  ];
}

/** Ingests the month after the stored events. */
async function ontoStored(arena: Arena): Promise<number> {
  await arena.pool.query("checkpoint");
  const load = newLoad("time", arena.months.next, arena.size.batches * BATCH_SIZE);
  return ingestApart(ingestRequest(arena, STORED, load));
}

function singleEvents({ setting: { url }, size }: Arena, tenants: number): Measure {
  const { events, warmUpEvents } = size;
  const request: TenantsEventsRequest = { url, tenants, callers: SINGLE_CALLERS, events, warmUpEvents };
  return () => measuredApart<number>(TENANTS_EVENTS, request);
}

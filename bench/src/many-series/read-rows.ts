import type { Measure } from "../harness/contest.js";
import { BATCH_SIZE } from "../load/load.js";
import { askedOfEvents, askedOfEvt, checkEqual } from "../ten-million/totals.js";
import { type Arena, CALLERS, COPY, newLoad, STORED, YEAR } from "./arena.js";
import {
  byMetric,
  byMetricAndPlan,
  CLIENT_QUESTIONS,
  dailyByMetric,
  GRAND_TOTAL,
  topClients,
} from "./questions.js";
import { asksEvents, asksEvt, p95, p95WhileIngesting } from "./reads.js";
import { clientRow, clientRowOfEvents, ROW } from "./row-names.js";
import type { SteadyIngestRequest } from "./steady-ingest.js";

type Rows = readonly (readonly [string, Measure])[];

/** The number of clients whose totals are compared with the events before the measurements. */
const CHECKED_CLIENTS = 20;

/** What was measured when the stored events were ingested. */
export interface Filled {
  /** Events per second, folding included. */
  readonly rate: number;
  readonly bytesOfTotals: number;
  readonly bytesOfAll: number;
}

/** The rows of the storage of {@link STORED}, and of queries about it and about {@link YEAR}. */
export function readRows(arena: Arena, filled: Filled): Rows {
  const { pool, size, months, tenantIn } = arena;
  const stored = tenantIn(STORED);
  const year = tenantIn(YEAR);
  const top = topClients(months.stored);
  return [
    [ROW.sparseStorage, async () => filled.bytesOfTotals / size.stored],
    [ROW.allStorage, async () => filled.bytesOfAll / size.stored],
    ...clientRows(arena, filled.rate / 2),
    [
      ROW.yearByDay,
      p95(
        size.readMs,
        asksEvt(year, () => dailyByMetric(months.year)),
      ),
    ],
    [
      ROW.yearByMetric,
      p95(
        size.readMs,
        asksEvt(year, () => byMetric(months.year)),
      ),
    ],
    [
      ROW.yearByPlan,
      p95(
        size.readMs,
        asksEvt(year, () => byMetricAndPlan(months.year)),
      ),
    ],
    [
      ROW.grandTotal,
      p95(
        size.readMs,
        asksEvt(year, () => GRAND_TOTAL),
      ),
    ],
    [ROW.topOfEvents, askedOfEvents(pool, COPY, top, stored)],
    [ROW.top, askedOfEvt(stored, top)],
  ];
}

/** @throws Error if evt's totals differ from the events. Call it before anything is ingested into {@link STORED} */
export async function checkTotalsOfStored({ pool, months, tenantIn }: Arena): Promise<void> {
  const stored = tenantIn(STORED);
  for (const question of Object.values(CLIENT_QUESTIONS)) {
    for (let i = 0; i < CHECKED_CLIENTS; i++)
      await checkEqual(pool, COPY, question(i, months.stored), stored);
  }
  const year = tenantIn(YEAR);
  const byPlan = byMetricAndPlan(months.year);
  for (const question of [dailyByMetric(months.year), byMetric(months.year), byPlan, GRAND_TOTAL])
    await checkEqual(pool, YEAR, question, year);
  const { answeredFrom } = await year.aggregate(byPlan.asked);
  if (answeredFrom !== "rollups") throw new Error(`totals by plan were computed from ${answeredFrom}`);
}

/** Each query about a client, of evt and of the events, while events are ingested. */
function clientRows({ pool, size, months, setting, tenantIn }: Arena, perSecond: number): Rows {
  const { url, onProgress } = setting;
  const stored = tenantIn(STORED);
  const ingest = (): SteadyIngestRequest => {
    const load = newLoad("time", months.next, size.batches * BATCH_SIZE);
    const pace = { perSecond, callers: CALLERS, warmUpMs: size.readMs / 2 };
    return { url, schema: STORED, load, ...pace, nowMs: months.nowMs };
  };
  return Object.entries(CLIENT_QUESTIONS).flatMap(([name, question]) => {
    const ofStored = (i: number) => question(i, months.stored);
    const measured = (ask: ReturnType<typeof asksEvt>) =>
      p95WhileIngesting(size.readMs, ask, ingest, onProgress);
    return [
      [clientRow(name), measured(asksEvt(stored, ofStored))],
      [clientRowOfEvents(name), measured(asksEvents(pool, COPY, ofStored))],
    ] as const;
  });
}

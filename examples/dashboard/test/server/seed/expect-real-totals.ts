import { expect } from "vitest";
import type { RunningServer } from "../../../server/serve.js";
import { getJson } from "../running.js";

const EARTHQUAKES = 1_707;
const FLIGHTS = 20_000;
export const RECORDS = EARTHQUAKES + FLIGHTS;

/** Checks that the API returns the exact totals of the real data, each record counted once. */
export async function expectRealTotals(server: RunningServer): Promise<void> {
  const total = async (query: string) => {
    const { rows } = (await getJson(server, `/api/aggregation?${query}`)) as { rows: unknown[] };
    return rows;
  };
  expect(await total("metric=earthquake")).toMatchObject([{ count: EARTHQUAKES, sum: "2616.39" }]);
  expect(await total("startDate=2001-01-01&endDate=2001-12-31")).toMatchObject([
    { count: FLIGHTS, sum: "154078" },
  ]);
  expect(await total("clientId=ATL")).toMatchObject([{ count: 846, sum: "6611" }]);
  expect(await total("")).toMatchObject([{ count: RECORDS, sum: "156694.39" }]);
}

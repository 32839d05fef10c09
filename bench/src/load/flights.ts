import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const { resolve } = createRequire(import.meta.url);

/** A flight inside the US in early 2001, of the Bureau of Transportation Statistics. */
export interface Flight {
  /** `2001/01/01 00:47` */
  readonly date: string;
  /** Minutes late on arrival; negative where it was early. */
  readonly delay: number;
  /** Miles. */
  readonly distance: number;
  /** An airport's code. */
  readonly origin: string;
  readonly destination: string;
}

/** The 20,000 flights of npm's `vega-datasets`, as they were published. */
export async function readFlights(): Promise<readonly Flight[]> {
  // the package exports its code only; the files lie beside it
  const file = join(dirname(resolve("vega-datasets")), "..", "data", "flights-20k.json");
  return JSON.parse(await readFile(file, "utf8")) as Flight[];
}

/** The flights from the busiest origins to the busiest destinations. */
export function busiestRoutes(
  flights: readonly Flight[],
  origins: number,
  destinations: number,
): readonly Flight[] {
  const from = mostFrequent(
    flights.map(({ origin }) => origin),
    origins,
  );
  const to = mostFrequent(
    flights.map(({ destination }) => destination),
    destinations,
  );
  return flights.filter(({ origin, destination }) => from.has(origin) && to.has(destination));
}

function mostFrequent(values: readonly string[], count: number): ReadonlySet<string> {
  const times = new Map<string, number>();
  for (const value of values) times.set(value, (times.get(value) ?? 0) + 1);
  const byFrequency = [...times].sort(([, a], [, b]) => b - a);
  return new Set(byFrequency.slice(0, count).map(([value]) => value));
}

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const { resolve } = createRequire(import.meta.url);

/** A flight inside the US in early 2001, from the Bureau of Transportation Statistics. */
export interface Flight {
  /** `2001/01/01 00:47` */
  readonly date: string;
  /** The delay on arrival in minutes; negative if the flight was early. */
  readonly delay: number;
  /** Miles. */
  readonly distance: number;
  /** An airport's code. */
  readonly origin: string;
  readonly destination: string;
}

/** Reads the 20,000 flights of the npm package `vega-datasets`. */
export async function readFlights(): Promise<readonly Flight[]> {
  // the package exports only its code file, so the path to its data is relative to that file
  const file = join(dirname(resolve("vega-datasets")), "..", "data", "flights-20k.json");
  return JSON.parse(await readFile(file, "utf8")) as Flight[];
}

/** Returns the flights from the busiest origins to the busiest destinations. */
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

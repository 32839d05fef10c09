import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const { resolve } = createRequire(import.meta.url);

/** The records of the npm package `vega-datasets`. */
export interface RealData {
  /** 1,707 earthquakes in one week of 2018: GeoJSON features from the US Geological Survey. */
  readonly earthquakes: readonly unknown[];
  /** 20,000 flights inside the US in early 2001, from the Bureau of Transportation Statistics. */
  readonly flights: readonly unknown[];
}

export async function readRealData(): Promise<RealData> {
  const [earthquakes, flights] = await Promise.all([read("earthquakes.json"), read("flights-20k.json")]);
  return { earthquakes: (earthquakes as { features: unknown[] }).features, flights: flights as unknown[] };
}

/** Reads a data file of the package. The package exports only its code file, so the path is relative to that file. */
async function read(name: string): Promise<unknown> {
  const folder = join(dirname(resolve("vega-datasets")), "..", "data");
  return JSON.parse(await readFile(join(folder, name), "utf8"));
}

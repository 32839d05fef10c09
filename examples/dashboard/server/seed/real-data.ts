import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const { resolve } = createRequire(import.meta.url);

/** The records of npm's `vega-datasets`, as they were published. */
export interface RealData {
  /** 1,707 earthquakes: GeoJSON features of the US Geological Survey, one week of 2018. */
  readonly earthquakes: readonly unknown[];
  /** 20,000 flights inside the US of early 2001, of the Bureau of Transportation Statistics. */
  readonly flights: readonly unknown[];
}

export async function readRealData(): Promise<RealData> {
  const [earthquakes, flights] = await Promise.all([read("earthquakes.json"), read("flights-20k.json")]);
  return { earthquakes: (earthquakes as { features: unknown[] }).features, flights: flights as unknown[] };
}

/** The package exports its code only; the files lie beside it. */
async function read(name: string): Promise<unknown> {
  const folder = join(dirname(resolve("vega-datasets")), "..", "data");
  return JSON.parse(await readFile(join(folder, name), "utf8"));
}

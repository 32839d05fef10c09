import { Child } from "@evt/programs";
import type { IngestLoadRequest } from "./ingest-load.js";

const INGEST_LOAD = new URL("./ingest-load.ts", import.meta.url);

/**
 * Ingests a load in its own process, until every tally is folded. Returns the events per second, folding included. Runs
 * `meanwhile` from the end of the warm-up on. `meanwhile` must end when the function that it gets returns false.
 */
export async function ingestApart(
  request: IngestLoadRequest,
  meanwhile: (goesOn: () => boolean) => Promise<unknown> = async () => undefined,
): Promise<number> {
  const child = await Child.of(INGEST_LOAD, request);
  try {
    await child.message();
    let goesOn = true;
    const rate = child.message<number>().finally(() => {
      goesOn = false;
    });
    const [value] = await Promise.all([rate, meanwhile(() => goesOn)]);
    return value;
  } finally {
    await child.end();
  }
}

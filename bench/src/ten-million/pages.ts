import type { EvtTenant } from "@evt/core";
import { callsPerSecond } from "../harness/calls-per-second.js";
import type { Measure } from "../harness/contest.js";

const PAGE = 100;

/** Measures the first page of the list. */
export function firstPage(events: EvtTenant): Measure {
  return () => callsPerSecond(() => full(events.list({ limit: PAGE })));
}

/** Measures page `number` of the list, with the cursor of the previous page. */
export async function pageNumber(events: EvtTenant, number: number): Promise<Measure> {
  let cursor: string | null = null;
  for (let page = 1; page < number; page++) {
    const { nextCursor } = await events.list({ limit: PAGE, ...(cursor !== null && { cursor }) });
    if (nextCursor === null) throw new Error(`there is no page ${page + 1}`);
    cursor = nextCursor;
  }
  const before = String(cursor);
  return () => callsPerSecond(() => full(events.list({ limit: PAGE, cursor: before })));
}

async function full(listing: ReturnType<EvtTenant["list"]>): Promise<void> {
  const { entries } = await listing;
  if (entries.length !== PAGE) throw new Error(`a page has ${entries.length} entries, not ${PAGE}`);
}

import type { EvtTenant } from "@evt/core";
import { answersPerSecond } from "../harness/answers.js";
import type { Measure } from "../harness/contest.js";

const PAGE = 100;

/** The first page of the list. */
export function firstPage(events: EvtTenant): Measure {
  return () => answersPerSecond(() => full(events.list({ limit: PAGE })));
}

/** Page `number` of it, by the cursor of the page before. */
export async function pageNumber(events: EvtTenant, number: number): Promise<Measure> {
  let cursor: string | null = null;
  for (let page = 1; page < number; page++) {
    const { nextCursor } = await events.list({ limit: PAGE, ...(cursor !== null && { cursor }) });
    if (nextCursor === null) throw new Error(`there is no page ${page + 1}`);
    cursor = nextCursor;
  }
  const before = String(cursor);
  return () => answersPerSecond(() => full(events.list({ limit: PAGE, cursor: before })));
}

async function full(listing: ReturnType<EvtTenant["list"]>): Promise<void> {
  const { entries } = await listing;
  if (entries.length !== PAGE) throw new Error(`a page has ${entries.length} entries, not ${PAGE}`);
}

import type { NameQuery, SeenName, StoredEvent } from "@evt/core/store";
import { microseconds } from "./microseconds.js";

const QUARTER_US = 900_000_000n;

/** Returns the expected names, in the simplest way: looks at all events once for each name. */
export function expectedNames(
  events: readonly StoredEvent[],
  { tenantId, of, clientId, prefix = "", after, limit }: NameQuery,
): SeenName[] {
  const selected = events.filter(
    (event) => event.tenantId === tenantId && (clientId === undefined || event.clientId === clientId),
  );
  return [...new Set(selected.map((event) => event[of]))]
    .filter((name) => name.startsWith(prefix) && (after === undefined || inOrder(after, name) < 0))
    .sort(inOrder)
    .slice(0, limit)
    .map((name) => ({ name, ...timesOf(selected.filter((event) => event[of] === name)) }));
}

function timesOf(events: readonly StoredEvent[]): Omit<SeenName, "name"> {
  const quarters = events.map(({ timestamp }) => quarterOf(timestamp)).sort();
  return { firstSeenAt: quarters.at(0) ?? "", lastSeenAt: quarters.at(-1) ?? "" };
}

/** Returns the start of the quarter hour that contains an instant. */
function quarterOf(timestamp: string): string {
  const us = microseconds(timestamp);
  const within = ((us % QUARTER_US) + QUARTER_US) % QUARTER_US;
  return new Date(Number((us - within) / 1_000n)).toISOString();
}

/** Compares strings by their UTF-8 bytes, which gives the order of code points. */
function inOrder(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

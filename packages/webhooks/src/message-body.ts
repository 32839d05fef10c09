import type { Endpoint, ParkedStatus } from "./endpoint.js";
import type { ToldEvent } from "./told-events.js";

const TYPES = {
  rejected: "event.rejected",
  conflict: "event.conflicted",
  failed: "event.failed",
} as const satisfies Record<ParkedStatus, string>;

/** A digest names no more; all of them are counted, and found by listing. */
const IDS_OF_A_DIGEST = 100;

/** The text that is signed and sent. `events` has at least one. */
export function messageBody(endpoint: Endpoint, events: readonly ToldEvent[]): string {
  const [first] = events;
  if (first === undefined) throw new Error("a message tells of at least one event");
  return JSON.stringify(endpoint.digest === undefined ? single(endpoint, first) : digestOf(first, events));
}

function single(endpoint: Endpoint, { at, reasons: _, raw, ...event }: ToldEvent) {
  const data = endpoint.raw === true ? { ...event, raw } : event;
  return { type: TYPES[event.status], timestamp: at, data };
}

function digestOf(first: ToldEvent, events: readonly ToldEvent[]) {
  const last = events.at(-1) ?? first;
  return {
    type: "events.parked.digest",
    timestamp: last.at,
    data: {
      from: first.at,
      to: last.at,
      count: events.length,
      byStatus: counts(events.map(({ status }) => status)),
      byReason: counts(events.flatMap(({ reasons }) => reasons)),
      events: events.slice(0, IDS_OF_A_DIGEST).map(({ tenantId, id, status }) => ({ tenantId, id, status })),
      complete: events.length <= IDS_OF_A_DIGEST,
    },
  };
}

function counts(words: readonly string[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const word of words) sums.set(word, (sums.get(word) ?? 0) + 1);
  return Object.fromEntries(sums);
}

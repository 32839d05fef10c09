import type { Fault } from "../harness/fault.js";
import { newEvents, type SentEvent } from "../history/sent-event.js";
import { inRounds } from "../rig/in-rounds.js";
import { storm } from "../rig/storm.js";

const WRITERS = 8;
const BATCH = 60;

export const oppositeOrders: Fault = {
  name: "F18",
  title: "overlapping batches in opposite orders, one hot total, two servers",
  rounds: { full: 100, short: 3 },
  run: (context) =>
    inRounds(context, { servers: 2 }, async ({ rig, tally, tenantId }) => {
      const events = newEvents(200, tenantId).map((event) => ({ ...event, ...HOT }));
      const batchesOf = (i: number) => overlapping(i % 4 < 2 ? events : [...events].reverse(), i);
      await storm(
        rig,
        tally,
        tenantId,
        Array.from({ length: WRITERS }, (_, i) => batchesOf(i)),
      );
    }),
};

/** All events add to one total. */
const HOT = { clientId: "hot", metric: "hot", timestamp: "2026-01-01T00:00:00.000Z" };

/**
 * Creates a writer's batches. `offset` decides where they begin. Each batch shares a third of its events with the next
 * batch.
 */
function overlapping(events: readonly SentEvent[], offset: number): SentEvent[][] {
  const batches: SentEvent[][] = [];
  for (let from = offset * 7; from < events.length; from += BATCH - 20)
    batches.push(events.slice(from, from + BATCH));
  return [events.slice(0, offset * 7 + 1), ...batches];
}

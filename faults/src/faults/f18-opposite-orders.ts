import type { Fault } from "../harness/fault.js";
import { Tally } from "../harness/tally.js";
import { History } from "../history/history.js";
import { sendUntilTold } from "../history/send.js";
import { newEvents, type SentEvent } from "../history/sent-event.js";
import { onRig } from "../rig/rig.js";

const WRITERS = 8;
const BATCH = 60;

export const oppositeOrders: Fault = {
  name: "F18",
  title: "overlapping batches in opposite orders, one hot total, two servers",
  rounds: { full: 100, short: 3 },
  run: ({ rounds }) =>
    onRig({}, async (rig) => {
      const tally = new Tally();
      const urls = [rig.server.url, (await rig.another()).url];
      for (let round = 0; round < rounds; round++) {
        const tenantId = `round ${round}`;
        const history = new History();
        const events = newEvents(200, tenantId).map((event) => ({ ...event, ...HOT }));
        const writer = async (i: number) => {
          const target = () => ({ url: urls[i % 2] ?? "", tenantId });
          for (const batch of overlapping(i % 4 < 2 ? events : [...events].reverse(), i))
            await sendUntilTold(batch, target, history);
        };
        await Promise.all(Array.from({ length: WRITERS }, (_, i) => writer(i)));
        await rig.check(tally, history, tenantId);
      }
      return tally.figures();
    }),
};

/** One total takes them all. */
const HOT = { clientId: "hot", metric: "hot", timestamp: "2026-01-01T00:00:00.000Z" };

/** Batches that begin at another place for each writer, and share a third with the next. */
function overlapping(events: readonly SentEvent[], offset: number): SentEvent[][] {
  const batches: SentEvent[][] = [];
  for (let from = offset * 7; from < events.length; from += BATCH - 20)
    batches.push(events.slice(from, from + BATCH));
  return [events.slice(0, offset * 7 + 1), ...batches];
}

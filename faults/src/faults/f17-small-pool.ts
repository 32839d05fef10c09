import type { Fault } from "../harness/fault.js";
import { Tally } from "../harness/tally.js";
import { History } from "../history/history.js";
import { sendUntilTold } from "../history/send.js";
import { newEvents } from "../history/sent-event.js";
import { onRig } from "../rig/rig.js";

const CALLS = 200;

export const smallPool: Fault = {
  name: "F17",
  title: "a pool of 2, and 200 calls in flight",
  rounds: { full: 50, short: 2 },
  run: ({ rounds }) =>
    onRig({ pool: { max: 2 } }, async (rig) => {
      const tally = new Tally();
      for (let round = 0; round < rounds; round++) {
        const tenantId = `round ${round}`;
        const history = new History();
        const target = () => ({ url: rig.server.url, tenantId });
        const batches = Array.from({ length: CALLS }, (_, i) => newEvents(1 + (i % 5), tenantId));
        await Promise.all(batches.map((batch) => sendUntilTold(batch, target, history)));
        await rig.check(tally, history, tenantId);
      }
      return tally.figures();
    }),
};

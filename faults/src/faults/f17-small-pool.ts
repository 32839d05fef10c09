import type { Fault } from "../harness/fault.js";
import { newEvents } from "../history/sent-event.js";
import { inRounds } from "../rig/in-rounds.js";
import { storm } from "../rig/storm.js";

const CALLS = 200;

export const smallPool: Fault = {
  name: "F17",
  title: "a pool of 2, and 200 calls in flight",
  rounds: { full: 50, short: 2 },
  run: (context) =>
    inRounds(context, { pool: { max: 2 } }, async ({ rig, tally, tenantId }) => {
      const batches = Array.from({ length: CALLS }, (_, i) => newEvents(1 + (i % 5), tenantId));
      await storm(
        rig,
        tally,
        tenantId,
        batches.map((batch) => [batch]),
      );
    }),
};

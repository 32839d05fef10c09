import type { Fault } from "../harness/fault.js";
import type { History } from "../history/history.js";
import { newEvents } from "../history/sent-event.js";
import { inRounds } from "../rig/in-rounds.js";
import { storm } from "../rig/storm.js";

export const duplicateStorm: Fault = {
  name: "F19",
  title: "1,000 senders of one event, and 100 of one batch of 1,000, over two servers",
  rounds: { full: 20, short: 2 },
  run: ({ rounds, say }) =>
    inRounds({ rounds }, { servers: 2 }, async ({ rig, tally, round, tenantId }) => {
      // the last round sends a large batch, or a smaller batch in a short run
      const [senders, size] = round === rounds - 1 ? (rounds > 5 ? [100, 1_000] : [100, 100]) : [1_000, 1];
      const events = newEvents(size, tenantId);
      const history = await storm(rig, tally, tenantId, Array(senders).fill([events]));
      tally.expect(hasOneWinnerEach(history), `round ${round}: an event was not processed exactly once`);
      if (size > 1) say(`${senders} senders of a batch of ${size} have their outcomes`);
    }),
};

/** Returns whether exactly one sender got `processed` for each event. This must be so, because no response was lost. */
function hasOneWinnerEach(history: History): boolean {
  return [...history.keys.values()].every(
    ({ outcomes }) => outcomes.filter((each) => each === "processed").length === 1,
  );
}

import type { Fault } from "../harness/fault.js";
import { newEvents } from "../history/sent-event.js";
import { inRounds } from "../rig/in-rounds.js";
import { storm } from "../rig/storm.js";

const EACH = 500;

export const twoContents: Fault = {
  name: "F20",
  title: "one key and two contents race, 500 against 500, over two servers",
  rounds: { full: 12, short: 2 },
  run: (context) =>
    inRounds(context, { servers: 2 }, async ({ rig, tally, round, tenantId }) => {
      const [event] = newEvents(1, tenantId);
      if (event === undefined) throw new Error("expected one event");
      const other = { ...event, amount: "1234.5" };
      const senders = Array.from({ length: 2 * EACH }, (_, i) => [[i % 4 < 2 ? event : other]]);
      const history = await storm(rig, tally, tenantId, senders);
      const outcomes = history.keys.get(event.idempotencyKey)?.outcomes ?? [];
      const count = (outcome: string) => outcomes.filter((each) => each === outcome).length;
      const counts = [count("processed"), count("duplicate"), count("conflict")];
      tally.expect(
        counts.join() === [1, EACH - 1, EACH].join(),
        `round ${round}: the numbers of processed, duplicate and conflict were ${counts.join(", ")}`,
      );
    }),
};

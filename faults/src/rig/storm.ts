import type { Tally } from "../harness/tally.js";
import { History } from "../history/history.js";
import { sendUntilSettled } from "../history/send.js";
import type { SentEvent } from "../history/sent-event.js";
import type { Rig } from "./rig.js";

/** The batches of one sender, in order. */
type Batches = readonly (readonly SentEvent[])[];

/** Runs all senders at the same time, distributed over the servers. Then checks the stored events and the totals. */
export async function storm(
  rig: Rig,
  tally: Tally,
  tenantId: string,
  senders: readonly Batches[],
): Promise<History> {
  const history = new History();
  const { urls } = rig;
  await Promise.all(
    senders.map(async (batches, i) => {
      const target = () => ({ url: urls[i % urls.length] ?? "", tenantId });
      for (const batch of batches) await sendUntilSettled(batch, target, history);
    }),
  );
  await rig.check(tally, history, tenantId);
  return history;
}

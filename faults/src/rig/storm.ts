import type { Tally } from "../harness/tally.js";
import { History } from "../history/history.js";
import { sendUntilTold } from "../history/send.js";
import type { SentEvent } from "../history/sent-event.js";
import type { Rig } from "./rig.js";

/** What one sender sends, batch after batch. */
type Batches = readonly (readonly SentEvent[])[];

/** All senders at once, over the servers of the rig in turn; then everything is checked. */
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
      for (const batch of batches) await sendUntilTold(batch, target, history);
    }),
  );
  await rig.check(tally, history, tenantId);
  return history;
}

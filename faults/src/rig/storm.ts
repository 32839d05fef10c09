import type { Tally } from "../harness/tally.js";
import { History } from "../history/history.js";
import { sendUntilTold } from "../history/send.js";
import type { SentEvent } from "../history/sent-event.js";
import type { Rig } from "./rig.js";

/** All batches at once, each by a sender of its own, over these servers in turn; then everything is checked. */
export async function storm(
  rig: Rig,
  tally: Tally,
  tenantId: string,
  urls: readonly string[],
  batches: readonly (readonly SentEvent[])[],
): Promise<History> {
  const history = new History();
  await Promise.all(
    batches.map((batch, i) =>
      sendUntilTold(batch, () => ({ url: urls[i % urls.length] ?? "", tenantId }), history),
    ),
  );
  await rig.check(tally, history, tenantId);
  return history;
}

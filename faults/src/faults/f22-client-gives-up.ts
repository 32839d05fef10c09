import type { Fault } from "../harness/fault.js";
import { Tally } from "../harness/tally.js";
import { History } from "../history/history.js";
import { sendUntilTold } from "../history/send.js";
import { newEvents } from "../history/sent-event.js";
import { dial, head } from "../rig/raw-request.js";
import { onRig, type Rig } from "../rig/rig.js";

/** How many clients give up in one tenant, each after one more byte. */
const TOGETHER = 50;

export const clientGivesUp: Fault = {
  name: "F22",
  title: "the client gives up in mid-body, after each byte",
  rounds: { full: 800, short: 50 },
  run: ({ rounds }) =>
    onRig({}, async (rig) => {
      const tally = new Tally();
      for (let done = 0; done < rounds; done += TOGETHER) await givingUp(rig, tally, done);
      return tally.figures();
    }),
};

async function givingUp(rig: Rig, tally: Tally, from: number): Promise<void> {
  const tenantId = `from ${from}`;
  const history = new History();
  const events = newEvents(4, tenantId);
  const body = JSON.stringify(events);
  for (let k = from; k < from + TOGETHER; k++) {
    const bytes = k % (body.length + 1);
    for (const event of events) history.willSend(event);
    const socket = await dial(rig.server.url);
    const sent = body.slice(0, bytes);
    await new Promise((resolve) =>
      socket.write(head(tenantId, `Content-Length: ${body.length}`) + sent, resolve),
    );
    socket.resetAndDestroy();
    for (const event of events) history.wasNotTold(event);
  }
  await sendUntilTold(events, () => ({ url: rig.server.url, tenantId }), history);
  await rig.check(tally, history, tenantId);
}

import type { Fault } from "../harness/fault.js";
import type { Tally } from "../harness/tally.js";
import { History } from "../history/history.js";
import { sendUntilSettled } from "../history/send.js";
import { newEvents } from "../history/sent-event.js";
import { inRounds } from "../rig/in-rounds.js";
import { dial, head } from "../rig/raw-request.js";
import type { Rig } from "../rig/rig.js";

/**
 * The number of connections that are closed in one round. Each is closed one byte later than the previous connection.
 */
const TOGETHER = 50;

export const clientGivesUp: Fault = {
  name: "F22",
  title: "the client closes the connection within the body, after each byte",
  rounds: { full: 800, short: 50 },
  run: ({ rounds }) =>
    inRounds({ rounds: Math.ceil(rounds / TOGETHER) }, {}, ({ rig, tally, round, tenantId }) =>
      givingUp(rig, tally, tenantId, round * TOGETHER),
    ),
};

async function givingUp(rig: Rig, tally: Tally, tenantId: string, from: number): Promise<void> {
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
    for (const event of events) history.recordUnknown(event);
  }
  await sendUntilSettled(events, () => ({ url: rig.server.url, tenantId }), history);
  await rig.check(tally, history, tenantId);
}

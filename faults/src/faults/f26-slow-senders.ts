import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "../harness/fault.js";
import type { Tally } from "../harness/tally.js";
import { duringTraffic } from "../rig/during-traffic.js";
import { dial, head } from "../rig/raw-request.js";
import type { Rig } from "../rig/rig.js";

const EACH = 100;
/** The limits are shorter than in production, to keep a round short. */
const LIMIT_MS = 1_000;
/** Far longer than the limits, because a busy machine applies them late. */
const CUT_BY_MS = 30_000;
const options = {
  requestLimits: { bodyMs: LIMIT_MS },
  http: {
    headersTimeout: LIMIT_MS,
    requestTimeout: 2 * LIMIT_MS,
    keepAliveTimeout: LIMIT_MS,
    connectionsCheckingInterval: 200,
  },
};

export const slowSenders: Fault = {
  name: "F26",
  title: "300 slow senders: of headers, of bodies, and idle ones",
  rounds: { full: 10, short: 1 },
  run: (context) => duringTraffic(context, options, attack),
};

async function attack({ server: { url } }: Rig, tally: Tally): Promise<void> {
  const slow = [
    ["headers", () => "POST /api/events HTTP/1.1\r\nHost: x\r\n", "X-Slow: 1\r\n"],
    ["a body", () => head("x", "Content-Length: 4000000"), "x".repeat(20_000)],
    ["nothing", () => "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n", ""],
  ] as const;
  const cut = await Promise.all(
    slow.flatMap(([what, begin, more]) =>
      Array.from({ length: EACH }, async () => ({
        what,
        isCut: await isCut(await dial(url), begin(), more),
      })),
    ),
  );
  for (const [what] of slow) {
    const left = cut.filter((each) => each.what === what && !each.isCut).length;
    tally.expect(
      left === 0,
      `${left} of ${EACH} senders of ${what} were not disconnected within ${CUT_BY_MS} ms`,
    );
  }
}

/** Sends a little from time to time, until the server closes the connection. */
async function isCut(socket: Socket, begin: string, more: string): Promise<boolean> {
  socket.resume();
  let closed = false;
  socket.once("close", () => {
    closed = true;
  });
  socket.write(begin);
  for (const since = performance.now(); performance.now() - since < CUT_BY_MS && !closed; ) {
    await sleep(150);
    if (!closed && more !== "") socket.write(more);
  }
  socket.destroy();
  return closed;
}

import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault, Figures } from "../harness/fault.js";
import type { Tally } from "../harness/tally.js";
import { duringTraffic } from "../rig/during-traffic.js";
import { whileAlive } from "../rig/live-probe.js";
import { dial } from "../rig/raw-request.js";
import type { Rig } from "../rig/rig.js";

const TENANT = "slow reader";
/**
 * The size of the raw event in each response: more than the operating system buffers for a client that does not read.
 */
const LARGE_BYTES = 4_900_000;
/** The limits are shorter than in production, to keep a round short. */
const options = { requestLimits: { responseStallMs: 1_500, responseMs: 4_000 } };
/**
 * How much the server's memory may grow, by waiting responses and by responses that are being read from the database.
 */
const MAX_GROWTH_MB = 150;
/** The time after which clients check whether they were disconnected. */
const CHECKED_AFTER_MS = 6_000;
/** The time by which clients must be disconnected. It is long, because a busy machine applies limits late. */
const CUT_BY_MS = 45_000;
/** The beginning of a response if the server has no memory for it. */
const REFUSED = "HTTP/1.1 503";
/** The pause between two clients of one kind, so that their requests do not arrive in the same tick. */
const APART_MS = 10;
const READ_ON_MS = 1_500;

/** How a client reads its responses. */
interface Reader {
  readonly what: string;
  readonly count: number;
  readonly requests: (large: string) => string;
  /** The number of bytes that a client reads at a time, twenty times a second. */
  readonly bytesAtOnce: number;
  /** The minimum total size of a client's responses. A client that receives as much was not disconnected. */
  readonly wholeBytes: number;
}

const SMALL_RESPONSES = 500;

const READERS: readonly Reader[] = [
  {
    what: "nothing of a large response",
    count: 100,
    requests: (large) => large,
    bytesAtOnce: 0,
    wholeBytes: LARGE_BYTES,
  },
  {
    what: "a large response byte by byte",
    count: 100,
    requests: (large) => large,
    bytesAtOnce: 1,
    wholeBytes: LARGE_BYTES,
  },
  {
    what: "nothing of 50 pipelined large responses",
    count: 30,
    requests: (large) => large.repeat(50),
    bytesAtOnce: 0,
    wholeBytes: 50 * LARGE_BYTES,
  },
  {
    what: `nothing of ${SMALL_RESPONSES} pipelined small responses`,
    count: 30,
    requests: () => get("/aggregation").repeat(SMALL_RESPONSES),
    bytesAtOnce: 0,
    wholeBytes: 300 * SMALL_RESPONSES,
  },
];

export const slowReaders: Fault = {
  name: "F38",
  title: "260 slow readers: of large responses, byte by byte, and of pipelined responses",
  rounds: { full: 5, short: 1 },
  run: async (context) => withoutRefusals(await duringTraffic(context, options, attack, MAX_GROWTH_MB)),
};

/** Fails if any request of another tenant was refused. */
function withoutRefusals(figures: Figures): Figures {
  if (figures.recovered === 0) return figures;
  const failure = `${figures.recovered} events of another tenant were refused, or their response was late`;
  return { ...figures, failures: [...figures.failures, failure] };
}

const get = (path: string) => `GET /api${path} HTTP/1.1\r\nHost: x\r\nX-Tenant: ${TENANT}\r\n\r\n`;

async function attack({ server }: Rig, tally: Tally): Promise<void> {
  const { url } = server;
  const large = get(`/events/${await storeLarge(url)}`);
  await whileAlive(server, tally, async () => {
    for (const { what, count, held } of await Promise.all(
      READERS.map((reader) => heldBy(url, reader, large)),
    ))
      tally.expect(
        held === 0,
        `${held} of ${count} readers of ${what} were not disconnected within ${CUT_BY_MS} ms`,
      );
  });
}

async function storeLarge(url: string): Promise<string> {
  const event = {
    clientId: "a",
    metric: "m",
    amount: 1,
    timestamp: "2026-01-01T00:00:00Z",
    note: "x".repeat(LARGE_BYTES),
  };
  const response = await fetch(`${url}/api/events`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Tenant": TENANT, Prefer: "return=minimal" },
    body: JSON.stringify(event),
  });
  const { results } = (await response.json()) as { readonly results: readonly { readonly id: string }[] };
  return results[0]?.id ?? "";
}

async function heldBy(
  url: string,
  { what, count, requests, bytesAtOnce, wholeBytes }: Reader,
  large: string,
) {
  const text = requests(large);
  const received = await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      await sleep(i * APART_MS);
      return receivedBy(await dial(url), text, bytesAtOnce);
    }),
  );
  return { what, count, held: received.filter((bytes) => bytes >= wholeBytes).length };
}

/**
 * Returns the total number of bytes that a slow reader receives. A client that does not read notices only by writing that its
 * connection was closed. So the client writes after a while. At the end, it reads the bytes that the operating system has
 * buffered.
 */
async function receivedBy(socket: Socket, request: string, bytesAtOnce: number): Promise<number> {
  const closed = new Promise((resolve) => socket.once("close", resolve));
  let received = 0;
  let beginning = "";
  const read = (bytes: number) => {
    const chunk = (socket.read(bytes) as Buffer | null) ?? Buffer.alloc(0);
    received += chunk.length;
    beginning += chunk.toString("latin1");
  };
  socket.pause();
  socket.write(request);
  for (const since = performance.now(); performance.now() - since < CUT_BY_MS && !socket.closed; ) {
    await sleep(50);
    if (bytesAtOnce > 0) read(bytesAtOnce);
    if (performance.now() - since < CHECKED_AFTER_MS) continue;
    if (beginning.length < REFUSED.length) read(REFUSED.length - beginning.length);
    // after this small response, the connection may remain open
    if (beginning.startsWith(REFUSED)) break;
    // the server ignores an empty line before a request, but a closed connection is reset
    socket.write("\r\n");
  }
  socket.on("data", (chunk: Buffer) => {
    received += chunk.length;
  });
  socket.resume();
  await Promise.race([closed, sleep(READ_ON_MS)]);
  socket.destroy();
  return received;
}

import { argument, disconnected, send } from "@evt/programs/parent";
import autocannon from "autocannon";
import { readFlights } from "../load/flights.js";
import { meteringLoad } from "../load/metering-load.js";

/** The load for a server. */
export interface LoadRequest {
  readonly url: string;
  readonly connections: number;
  readonly eventsPerRequest: number;
  readonly warmUpRequests: number;
  readonly requests: number;
  /** The time of the last event, in Unix milliseconds. */
  readonly endMs: number;
}

export interface LoadResult {
  /** The time from the first request after the warm-up to the last response. */
  readonly seconds: number;
  /** The number of requests that got a status other than 200, or no response. */
  readonly failures: number;
}

const asked = argument<LoadRequest>();
const bodies = await bodiesOf(asked);
const warmUp = await sendAll(asked, bodies.slice(0, asked.warmUpRequests));
const { seconds, failures } = await sendAll(asked, bodies.slice(asked.warmUpRequests));
send({ seconds, failures: failures + warmUp.failures } satisfies LoadResult);
await disconnected();
process.exit();

/** Creates the bodies before the measurement. Every server gets the same bodies. */
async function bodiesOf({
  eventsPerRequest,
  warmUpRequests,
  requests,
  endMs,
}: LoadRequest): Promise<string[]> {
  const count = warmUpRequests + requests;
  const events = meteringLoad(await readFlights(), count * eventsPerRequest, endMs);
  return Array.from({ length: count }, (_, i) => {
    const some = events.slice(i * eventsPerRequest, (i + 1) * eventsPerRequest);
    return JSON.stringify(eventsPerRequest === 1 ? some[0] : some);
  });
}

async function sendAll({ url, connections }: LoadRequest, some: readonly string[]): Promise<LoadResult> {
  if (some.length === 0) return { seconds: 0, failures: 0 };
  let next = 0;
  let successes = 0;
  let last = 0;
  const start = performance.now();
  const sending = autocannon(
    {
      url,
      connections: Math.min(connections, some.length),
      amount: some.length,
      timeout: 60,
      requests: [
        {
          method: "POST",
          path: "/events",
          headers: { "content-type": "application/json" },
          setupRequest: (request) => ({ ...request, body: some[next++ % some.length] as string }),
        },
      ],
    },
    () => undefined,
  );
  let responses = 0;
  // autocannon ends at a full second, so the last response decides; without it, the time-out does
  await new Promise<void>((resolve) => {
    sending.once("done", () => resolve());
    sending.on("response", (_client, statusCode) => {
      last = performance.now();
      if (statusCode === 200) successes++;
      if (++responses === some.length) resolve();
    });
  });
  return { seconds: (last - start) / 1_000, failures: some.length - successes };
}

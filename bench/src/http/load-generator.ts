import { argument, send } from "@evt/programs/parent";
import autocannon from "autocannon";
import { readFlights } from "../load/flights.js";
import { meteringLoad } from "../load/metering-load.js";

/** What is sent to a server. */
export interface LoadRequest {
  readonly url: string;
  readonly connections: number;
  readonly eventsPerRequest: number;
  readonly warmUpRequests: number;
  readonly requests: number;
  /** When the last event happened, in Unix milliseconds. */
  readonly endMs: number;
}

export interface LoadAnswer {
  /** How long the requests after the warm-up took, all of them. */
  readonly seconds: number;
  /** Answers other than 200, and requests without one. */
  readonly failures: number;
}

const asked = argument<LoadRequest>();
const bodies = await bodiesOf(asked);
const warmUp = await send(asked, bodies.slice(0, asked.warmUpRequests));
const { seconds, failures } = await send(asked, bodies.slice(asked.warmUpRequests));
send({ seconds, failures: failures + warmUp.failures } satisfies LoadAnswer);
process.disconnect?.();

/** Rendered beforehand: the same for every server. */
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

async function send({ url, connections }: LoadRequest, some: readonly string[]): Promise<LoadAnswer> {
  if (some.length === 0) return { seconds: 0, failures: 0 };
  let next = 0;
  let answered = 0;
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
  // it ends at a full second; what counts is when the last answer came
  sending.on("response", (_client, statusCode) => {
    last = performance.now();
    if (statusCode === 200) answered++;
  });
  await new Promise((resolve) => sending.once("done", resolve));
  return { seconds: (last - start) / 1_000, failures: some.length - answered };
}

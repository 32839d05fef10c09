import { Child, measuredApart } from "@evt/programs";
import type { Pool } from "pg";
import { onFreshSchema } from "../database/fresh-schema.js";
import { checkRolledUp, checkStored, checkTotals, type Totals, totalsOf } from "../database/stored.js";
import type { Measure } from "../harness/contest.js";
import { readFlights } from "../load/flights.js";
import { meteringLoad } from "../load/metering-load.js";
import { BY_HAND_TABLE } from "./by-hand.js";
import type { LoadRequest, LoadResult } from "./load-generator.js";
import type { ServerRequest } from "./server.js";

const SERVER = new URL("./server.ts", import.meta.url);
const GENERATOR = new URL("./load-generator.ts", import.meta.url);

export interface Posts extends Omit<LoadRequest, "url"> {
  readonly kind: ServerRequest["kind"];
  readonly host?: ServerRequest["host"];
}

/** Measures the events per second of POST requests. The server and the load generator have their own processes. */
export function posts(databaseUrl: string, asked: Posts, responseBytes = 0): Measure {
  const { kind, host = "Express", requests, warmUpRequests, eventsPerRequest, endMs } = asked;
  const count = (requests + warmUpRequests) * eventsPerRequest;
  return () =>
    onFreshSchema(databaseUrl, 1, async (pool) => {
      const sent = totalsOf(meteringLoad(await readFlights(), count, endMs));
      await pool.query(BY_HAND_TABLE);
      const { seconds, failures } = await withServer({ kind, host, url: databaseUrl, responseBytes }, (url) =>
        measuredApart<LoadResult>(GENERATOR, { ...asked, url } satisfies LoadRequest),
      );
      if (failures > 0) throw new Error(`${failures} requests to ${kind} on ${host} did not get 200`);
      await checkCounted(kind, pool, sent);
      return (requests * eventsPerRequest) / seconds;
    });
}

/** Returns the size of evt's response to one event, in bytes. */
export async function responseBytes(databaseUrl: string, endMs: number): Promise<number> {
  const [event] = meteringLoad(await readFlights(), 1, endMs);
  return onFreshSchema(databaseUrl, 1, () =>
    withServer({ kind: "evt", url: databaseUrl, responseBytes: 0 }, async (url) => {
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${url}/events`, { method: "POST", headers, body: JSON.stringify(event) });
      return (await response.arrayBuffer()).byteLength;
    }),
  );
}

async function withServer<T>(request: ServerRequest, work: (url: string) => Promise<T>): Promise<T> {
  const server = await Child.of(SERVER, request);
  try {
    const { port } = await server.message<{ port: number }>();
    return await work(`http://127.0.0.1:${port}`);
  } finally {
    await server.end();
  }
}

/** Checks that all sent events are stored, unless the server is one that stores nothing. */
async function checkCounted(kind: ServerRequest["kind"], pool: Pool, sent: Totals): Promise<void> {
  if (kind === "by hand") return checkTotals(pool, "select count(*), sum(amount) from by_hand.event", sent);
  if (kind === "alone") return;
  await checkStored(pool, sent);
  await checkRolledUp(pool, sent);
}

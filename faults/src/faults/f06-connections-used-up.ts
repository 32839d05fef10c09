import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Fault } from "../harness/fault.js";
import type { Rig } from "../rig/rig.js";
import { underTraffic } from "../rig/under-traffic.js";

const USED_UP_MS = 300;

export const connectionsUsedUp: Fault = {
  name: "F6",
  title: "connections are used up (53300); Postgres shuts down and starts up (57P03)",
  rounds: { full: 40, short: 2 },
  run: (context) =>
    underTraffic(context, {
      settings: { max_connections: "20" },
      fault: async ({ rig, tally, round }) => {
        if (round % 2 === 0) {
          const state = await useUp(rig);
          tally.expect(state === "53300", `the last refused connection got ${state} instead of 53300`);
        } else {
          process.kill(rig.database.pid, "SIGINT");
          await rig.database.stopAtOnce();
          await rig.database.startAgain();
        }
        return performance.now();
      },
    }),
};

/**
 * Takes all connections, including the server's, and keeps them for a while. Returns the SQLSTATE of the last connection that
 * Postgres refused.
 */
async function useUp(rig: Rig): Promise<unknown> {
  const held: pg.Client[] = [];
  let state: unknown;
  let usedUpAt = Number.POSITIVE_INFINITY;
  while (performance.now() < usedUpAt + USED_UP_MS) {
    const client = new pg.Client({ connectionString: rig.database.url });
    client.on("error", () => undefined);
    try {
      await client.connect();
      held.push(client);
      await client.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'evt-faults'",
      );
    } catch (error) {
      state = (error as { readonly code?: unknown }).code;
      usedUpAt = Math.min(usedUpAt, performance.now());
      await sleep(5);
    }
  }
  await Promise.all(held.map((client) => client.end()));
  return state;
}

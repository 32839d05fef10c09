import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Fault } from "../harness/fault.js";
import { underTraffic } from "../rig/under-traffic.js";

const TABLES = ["claim", "event", "tally", "day_total"];
const HELD_MS = [100, 400, 6_000];

export const lockWaits: Fault = {
  name: "F15",
  title: "another session locks a table",
  rounds: { full: 24, short: 4 },
  run: (context) =>
    underTraffic(context, {
      fault: async ({ rig, round }) => {
        const client = new pg.Client({ connectionString: rig.database.url });
        await client.connect();
        const table = TABLES[round % TABLES.length];
        await client.query(`begin; lock table evt.${table} in access exclusive mode`);
        await sleep(HELD_MS[Math.floor(round / TABLES.length) % HELD_MS.length] ?? 100);
        await client.query("commit");
        await client.end();
        return performance.now();
      },
    }),
};

import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "../harness/fault.js";
import { underTraffic } from "../rig/under-traffic.js";

export const postgresStopped: Fault = {
  name: "F5",
  title: "Postgres is stopped immediately, and started again",
  rounds: { full: 120, short: 3 },
  run: (context) =>
    underTraffic(context, {
      fault: async ({ rig, random }) => {
        await sleep(random() * 60);
        await rig.database.stopAtOnce();
        await rig.database.startAgain();
        return performance.now();
      },
    }),
};

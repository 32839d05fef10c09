import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "../harness/fault.js";
import { backendOf } from "../rig/backends.js";
import { underTraffic } from "../rig/under-traffic.js";

/** The fourth stall is longer than a call's timeout, so that half-open connections are dropped. */
const STALLS_MS = [200, 600, 1_200, 6_500];

export const stalled: Fault = {
  name: "F9",
  title: "the network stalls, or a backend stands still",
  rounds: { full: 32, short: 4 },
  run: (context) =>
    underTraffic(context, {
      viaProxy: true,
      fault: async ({ rig, round }) => {
        const ms = STALLS_MS[(round >> 1) % STALLS_MS.length] ?? 200;
        if (round % 2 === 0) {
          rig.proxy.stall();
          await sleep(ms);
          rig.proxy.resume();
        } else {
          const pid = await backendOf(rig, "any", "pg_backend_pid");
          process.kill(pid, "SIGSTOP");
          await sleep(ms);
          process.kill(pid, "SIGCONT");
        }
        return performance.now();
      },
    }),
};

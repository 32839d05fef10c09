import type { Fault } from "../harness/fault.js";
import { crashBackend } from "../rig/backends.js";
import { underTraffic } from "../rig/under-traffic.js";

export const backendCrashed: Fault = {
  name: "F4",
  title: "a backend crashes, and Postgres restarts them all",
  rounds: { full: 50, short: 2 },
  run: (context) =>
    underTraffic(context, {
      fault: async ({ rig }) => {
        await crashBackend(rig);
        return performance.now();
      },
    }),
};

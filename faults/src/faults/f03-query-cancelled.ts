import type { Fault } from "../harness/fault.js";
import { backendOf } from "../rig/backends.js";
import { underTraffic } from "../rig/under-traffic.js";

export const queryCancelled: Fault = {
  name: "F3",
  title: "a query is cancelled",
  rounds: { full: 300, short: 10 },
  run: (context) =>
    underTraffic(context, {
      together: 10,
      fault: async ({ rig }) => {
        await backendOf(rig, "active", "pg_cancel_backend");
        return performance.now();
      },
    }),
};

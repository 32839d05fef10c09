import type { Fault } from "../harness/fault.js";
import { backendOf } from "../rig/backends.js";
import { underTraffic } from "../rig/under-traffic.js";

const KINDS = ["idle", "active", "any"] as const;

export const backendTerminated: Fault = {
  name: "F2",
  title: "a backend is terminated, idle, busy or between two queries",
  rounds: { full: 1_000, short: 20 },
  run: (context) =>
    underTraffic(context, {
      together: 10,
      fault: async ({ rig, round }) => {
        await backendOf(rig, KINDS[round % KINDS.length] ?? "any", "pg_terminate_backend");
        return performance.now();
      },
    }),
};

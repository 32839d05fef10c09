import type { Fault as Loss } from "@evt/postgres-proxy";
import type { Fault } from "../harness/fault.js";
import { underTraffic } from "./under-traffic.js";

interface LostOnTheWay extends Pick<Fault, "name" | "title" | "rounds"> {
  readonly fault: Loss;
}

/**
 * Returns a fault that loses one random request, or one random response, in each round. Of the responses, only those to an
 * insert can be lost. An insert is a COPY in its own transaction, which Postgres has committed before it responds.
 */
export function lostOnTheWay({ fault: loss, ...about }: LostOnTheWay): Fault {
  return {
    ...about,
    run: (context) =>
      underTraffic(context, {
        viaProxy: true,
        together: 20,
        fault: async ({ rig: { proxy }, random, round }) => {
          const wanted = round + 1;
          proxy.befalls = (fault, done) =>
            fault === loss &&
            proxy.cuts < wanted &&
            (done === null || done.startsWith("COPY")) &&
            random() < 0.3;
          while (proxy.cuts < wanted) await new Promise((resolve) => setTimeout(resolve, 1));
          return performance.now();
        },
      }),
  };
}

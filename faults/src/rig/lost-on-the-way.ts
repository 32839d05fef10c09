import type { Fault as Loss } from "@evt/postgres-proxy";
import type { Fault } from "../harness/fault.js";
import { underTraffic } from "./under-traffic.js";

interface LostOnTheWay extends Pick<Fault, "name" | "title" | "rounds"> {
  readonly fault: Loss;
}

/** Each third statement, by chance, loses what the fault says, until that many connections were cut. */
export function lostOnTheWay({ fault: loss, ...about }: LostOnTheWay): Fault {
  return {
    ...about,
    run: (context) =>
      underTraffic(context, {
        viaProxy: true,
        together: 20,
        fault: async ({ rig: { proxy }, random, round }) => {
          const wanted = round + 1;
          proxy.befalls = (fault) => fault === loss && proxy.cuts < wanted && random() < 0.3;
          while (proxy.cuts < wanted) await new Promise((resolve) => setTimeout(resolve, 1));
          return performance.now();
        },
      }),
  };
}

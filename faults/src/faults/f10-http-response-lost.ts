import type { Fault } from "../harness/fault.js";
import type { Rig } from "../rig/rig.js";
import { TcpCutter } from "../rig/tcp-cutter.js";
import { underTraffic } from "../rig/under-traffic.js";

export const httpResponseLost: Fault = {
  name: "F10",
  title: "the HTTP response is lost",
  rounds: { full: 1_000, short: 30 },
  run: async (context) => {
    const cutters: TcpCutter[] = [];
    const stand = async (rig: Rig) => {
      const cutter = await TcpCutter.start(() => Number(new URL(rig.server.url).port));
      cutters.push(cutter);
      rig.front = () => cutter.url;
    };
    try {
      return await underTraffic(context, {
        together: 20,
        prepare: stand,
        fault: async ({ random, round }) => {
          const cutter = cutters[0] as TcpCutter;
          const wanted = round + 1;
          cutter.loses = () => cutter.cuts < wanted && random() < 0.3;
          while (cutter.cuts < wanted) await new Promise((resolve) => setTimeout(resolve, 1));
          return performance.now();
        },
      });
    } finally {
      await Promise.all(cutters.map((cutter) => cutter.stop()));
    }
  },
};

import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "../harness/fault.js";
import { Tally } from "../harness/tally.js";
import { onRig } from "../rig/rig.js";
import type { KillPoint } from "../server/kill-points.js";

const POINTS: readonly (KillPoint | "at random")[] = [
  "at random",
  "before the insert",
  "after the commit",
  "during the response",
];

export const serverKilled: Fault = {
  name: "F1",
  title: "the server is killed, at random and at named points",
  rounds: { full: 200, short: 8 },
  run: ({ rounds, random, say }) =>
    onRig({}, async (rig) => {
      const tally = new Tally();
      for (let round = 0; round < rounds; round++) {
        const point = POINTS[round % POINTS.length] as KillPoint | "at random";
        await rig.round(tally, async () => {
          if (point === "at random") {
            await sleep(random() * 60);
            rig.server.kill("SIGKILL");
          } else rig.server.arm(point);
          const { signal } = await rig.server.child.over;
          tally.expect(signal === "SIGKILL", `the server ended by ${signal} instead of SIGKILL (${point})`);
          const killedAt = performance.now();
          await rig.server.replace();
          return killedAt;
        });
        if (round % 40 === 39) say(`${round + 1} kills`);
      }
      await rig.checkAgain(tally);
      return tally.figures();
    }),
};

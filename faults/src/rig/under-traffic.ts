import type { FaultContext, Figures } from "../harness/fault.js";
import { Tally } from "../harness/tally.js";
import type { Traffic } from "../history/traffic.js";
import { onRig, type Rig, type RigOptions } from "./rig.js";

export interface FaultRound {
  readonly rig: Rig;
  readonly tally: Tally;
  readonly traffic: Traffic;
  /** The number of the round. */
  readonly round: number;
  readonly random: () => number;
}

interface Options extends RigOptions {
  /** The number of rounds that share the same senders and one check. @defaultValue 1 */
  readonly together?: number;
  readonly prepare?: (rig: Rig) => Promise<void>;
  /** Returns the time at which the fault ended, or `null` if the recovery is not measured. */
  readonly fault: (round: FaultRound) => Promise<number | null>;
}

/** Runs a fault repeatedly during traffic. After every `together` rounds, checks the stored events and the totals. */
export function underTraffic(
  { rounds, random, say }: FaultContext,
  { together = 1, prepare, fault, ...options }: Options,
): Promise<Figures> {
  return onRig(options, async (rig) => {
    await prepare?.(rig);
    const tally = new Tally();
    for (let done = 0; done < rounds; ) {
      const last = Math.min(done + together, rounds);
      await rig.round(tally, async (traffic) => {
        for (; done < last; done++) {
          const endedAt = await fault({ rig, tally, traffic, round: done, random });
          if (endedAt !== null) tally.recoveredAfter(await traffic.recoveredAfter(endedAt));
        }
        return null;
      });
      if (Math.floor(done / 100) > Math.floor((done - together) / 100)) say(`${done} rounds`);
    }
    await rig.checkAgain(tally);
    return tally.figures();
  });
}

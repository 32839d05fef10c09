import type { FaultContext, Figures } from "../harness/fault.js";
import { Tally } from "../harness/tally.js";
import { onRig, type Rig, type RigOptions } from "./rig.js";

interface Round {
  readonly rig: Rig;
  readonly tally: Tally;
  /** The number of the round. */
  readonly round: number;
  /** The round's own tenant. */
  readonly tenantId: string;
}

/** Runs rounds that create their own load, each with its own tenant. Checks everything again at the end. */
export function inRounds(
  { rounds }: Pick<FaultContext, "rounds">,
  options: RigOptions,
  work: (round: Round) => Promise<void>,
  prepare: (rig: Rig) => Promise<unknown> = async () => undefined,
): Promise<Figures> {
  return onRig(options, async (rig) => {
    await prepare(rig);
    const tally = new Tally();
    for (let round = 0; round < rounds; round++)
      await work({ rig, tally, round, tenantId: `round ${round}` });
    await rig.checkAgain(tally);
    return tally.figures();
  });
}

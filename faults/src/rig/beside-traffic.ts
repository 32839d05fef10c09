import type { FaultContext, Figures } from "../harness/fault.js";
import { Tally } from "../harness/tally.js";
import { newEvents } from "../history/sent-event.js";
import { onRig, type Rig, type RigOptions } from "./rig.js";

/** How much more than when it idled the server may take. */
const MOST_GROWTH_MB = 100;
/** How many answers healthy senders get in each round, at least: they are not to be starved. */
const HEALTHY = 20;

const LARGEST = 5;

/** A batch that just fits the limits. */
export async function sendLargest({ server }: Rig, number: number): Promise<void> {
  const raws = newEvents(1_000, `largest ${number}`).map((event) => ({ ...event, note: "x".repeat(4_800) }));
  const response = await fetch(`${server.url}/api/events`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Tenant": "largest", Prefer: "return=minimal" },
    body: JSON.stringify(raws),
  });
  if (response.status !== 200) throw new Error(`the largest batch was answered ${response.status}`);
  await response.text();
}

/**
 * Attacks while healthy senders go on sending: they are all told, and the server's memory stays within bounds. The idle
 * figure is that of a server that has had ordinary traffic, and a few requests as large as they may be.
 */
export function besideTraffic(
  { rounds }: FaultContext,
  options: RigOptions,
  attack: (rig: Rig, tally: Tally) => Promise<void>,
  mostGrowthMb = MOST_GROWTH_MB,
): Promise<Figures> {
  return onRig(options, async (rig) => {
    const tally = new Tally();
    await rig.round(new Tally(), async (traffic) => {
      await traffic.settled(3_000);
      for (let i = 0; i < LARGEST; i++) await sendLargest(rig, i);
      return null;
    });
    const idle = (await rig.server.memory()).now;
    for (let round = 0; round < rounds; round++) {
      await rig.round(tally, async (traffic) => {
        const before = traffic.history.settledAt.length;
        await attack(rig, tally);
        await traffic.settled(Math.max(1, before + HEALTHY - traffic.history.settledAt.length));
        return null;
      });
    }
    const { peak } = await rig.server.memory();
    tally.sawMemory(peak);
    tally.notes.push(`idle ${Math.round(idle)} MiB, peak ${Math.round(peak)} MiB`);
    tally.expect(peak - idle <= mostGrowthMb, `memory grew by ${Math.round(peak - idle)} MiB over idle`);
    return tally.figures();
  });
}

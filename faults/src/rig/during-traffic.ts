import type { FaultContext, Figures } from "../harness/fault.js";
import { Tally } from "../harness/tally.js";
import { newEvents } from "../history/sent-event.js";
import { onRig, type Rig, type RigOptions } from "./rig.js";

/** How much the server's memory may exceed its idle size. */
const MAX_GROWTH_MB = 100;
/** The number of outcomes that the other senders must get in each round. */
const MIN_OUTCOMES = 20;

const LARGEST = 5;

/** Sends a batch that is almost as large as the limits allow. */
export async function sendLargest({ server }: Rig, number: number): Promise<void> {
  const raws = newEvents(1_000, `largest ${number}`).map((event) => ({ ...event, note: "x".repeat(4_800) }));
  const response = await fetch(`${server.url}/api/events`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Tenant": "largest", Prefer: "return=minimal" },
    body: JSON.stringify(raws),
  });
  if (response.status !== 200) throw new Error(`the largest batch got ${response.status}`);
  await response.text();
}

/**
 * Runs an attack during the traffic of other senders. All events of these senders must get definite outcomes, and the
 * server's memory must remain limited. The idle size is measured after ordinary traffic and a few requests of the largest
 * size.
 */
export function duringTraffic(
  { rounds }: FaultContext,
  options: RigOptions,
  attack: (rig: Rig, tally: Tally) => Promise<void>,
  maxGrowthMb = MAX_GROWTH_MB,
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
        await traffic.settled(Math.max(1, before + MIN_OUTCOMES - traffic.history.settledAt.length));
        return null;
      });
    }
    const { peak } = await rig.server.memory();
    tally.sawMemory(peak);
    tally.notes.push(`idle ${Math.round(idle)} MiB, peak ${Math.round(peak)} MiB`);
    tally.expect(peak - idle <= maxGrowthMb, `memory grew by ${Math.round(peak - idle)} MiB over idle`);
    return tally.figures();
  });
}

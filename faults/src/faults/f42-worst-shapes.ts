import { median } from "@evt/figures";
import type { Fault } from "../harness/fault.js";
import { Tally } from "../harness/tally.js";
import { onRig, type Rig } from "../rig/rig.js";
import { bodies, packedBodies, QUESTIONS, type Shape } from "../rig/worst-shapes.js";

/** How long the event loop may be held in one piece, more than by a request for next to nothing. */
const MOST_MS = 50;
/** The median counts: once may have been the compiler or the garbage collector. */
const TRIES = 3;
const SHOWN = 10;

/**
 * Holds are measured as time of the main thread on a processor, so that a busy machine is not taken for a long hold. It
 * still inflates them: processors share caches.
 */
export const worstShapes: Fault = {
  name: "F42",
  title: "the event loop under the worst shapes of bodies and queries",
  rounds: { full: 2, short: 1 },
  run: ({ rounds, say }) =>
    onRig({}, async (rig) => {
      const tally = new Tally();
      for (let round = 0; round < rounds; round++) await attack(rig, tally, `round ${round}`, say);
      tally.sawMemory((await rig.server.memory()).peak);
      return tally.figures();
    }),
};

async function attack(rig: Rig, tally: Tally, tenantId: string, say: (line: string) => void): Promise<void> {
  const ask = (shape: Shape) => held(rig, tally, tenantId, shape);
  const floor = await ask({ name: "nothing", path: "/events?limit=1" });
  const seen: { readonly name: string; readonly ms: number }[] = [];
  for (const shape of [...bodies(), ...packedBodies(), ...QUESTIONS])
    seen.push({ name: shape.name, ms: await ask(shape) });
  seen.sort((a, b) => b.ms - a.ms);
  for (const { name, ms } of seen.slice(0, SHOWN)) say(`${ms.toFixed(0)} ms: ${name}`);
  for (const { name, ms } of seen)
    tally.expect(ms - floor <= MOST_MS, `${name} held the event loop for ${ms.toFixed(0)} ms`);
  tally.notes.push(`worst: ${seen[0]?.name}, ${seen[0]?.ms.toFixed(0)} ms; nothing: ${floor.toFixed(0)} ms`);
}

/** The median of the longest holds of a few tries, in milliseconds. */
async function held(rig: Rig, tally: Tally, tenantId: string, shape: Shape): Promise<number> {
  const holds: number[] = [];
  while (holds.length < TRIES) {
    await rig.server.longestHold();
    const status = await send(rig.server.url, tenantId, shape);
    tally.expect(status < 500, `${shape.name} was answered ${status}`);
    holds.push((await rig.server.longestHold()).cpuMs);
  }
  return median(holds);
}

async function send(
  url: string,
  tenantId: string,
  { method = "GET", path = "/events", body, headers }: Shape,
): Promise<number> {
  const response = await fetch(`${url}/api${path}`, {
    method,
    headers: { "X-Tenant": tenantId, "Content-Type": "application/json", ...headers },
    ...(body !== undefined && { body }),
  });
  await response.arrayBuffer();
  return response.status;
}

import { median } from "@evt/figures";
import type { Fault } from "../harness/fault.js";
import { Tally } from "../harness/tally.js";
import { onRig, type Rig } from "../rig/rig.js";
import { atOnce, bodies, names, packedBodies, QUESTIONS, type Shape } from "../rig/worst-shapes.js";

/** By how many milliseconds the longest turn of the event loop may exceed that of a trivial request. */
const MAX_MS = 50;
/**
 * The number of attempts in a series. Their median counts, because the compiler or the garbage collector may run in one
 * attempt.
 */
const TRIES = 3;
/** A shape fails only if it is too slow in this many series of attempts, so that a busy machine does not decide. */
const MAX_SERIES = 3;
const SHOWN = 10;

/**
 * A turn is measured as the main thread's processor time, so that other processes do not count. On a busy machine, this time
 * is still longer, because processors share caches.
 */
export const worstShapes: Fault = {
  name: "F42",
  title: "the event loop under the worst shapes of bodies and queries",
  rounds: { full: 1, short: 1 },
  run: ({ rounds, say }) =>
    onRig({}, async (rig) => {
      const tally = new Tally();
      for (let round = 0; round < rounds; round++) await attack(rig, tally, `round ${round}`, say);
      tally.sawMemory((await rig.server.memory()).peak);
      return tally.figures();
    }),
};

async function attack(rig: Rig, tally: Tally, tenantId: string, say: (line: string) => void): Promise<void> {
  const seen: { readonly name: string; readonly ms: number }[] = [];
  let floor = 0;
  const ask = async (
    name: string,
    shapes: readonly Shape[],
    statuses: (status: number) => boolean,
    by = tenantId,
    enoughMs = floor + MAX_MS,
  ) => {
    let least = Number.POSITIVE_INFINITY;
    for (let series = 0; series < MAX_SERIES && least > floor + MAX_MS; series++) {
      const { ms, unexpected } = await held(rig, by, shapes, statuses, enoughMs);
      for (const status of unexpected) tally.expect(false, `${name} got ${status}`);
      least = Math.min(least, ms);
    }
    seen.push({ name, ms: least });
    return least;
  };
  const noServerError = (status: number) => status < 500;
  const nothing = { name: "nothing", path: "/events?limit=1" };
  // all three attempts
  floor = await ask("nothing", [nothing], noServerError, tenantId, Number.NEGATIVE_INFINITY);
  for (const shape of [...bodies(), ...packedBodies(), ...QUESTIONS])
    await ask(shape.name, [shape], noServerError);
  for (const shape of [...names(), ...QUESTIONS])
    await ask(`${shape.name} of long names`, [shape], noServerError, `${tenantId} of names`);
  // a 503 is also correct, because the tenants may use up the shared capacity
  for (const shapes of atOnce())
    await ask(
      `${shapes.length} at once: ${shapes[0]?.name}`,
      shapes,
      (status) => noServerError(status) || status === 503,
    );
  seen.sort((a, b) => b.ms - a.ms);
  for (const { name, ms } of seen.slice(0, SHOWN)) say(`${ms.toFixed(0)} ms: ${name}`);
  for (const { name, ms } of seen)
    tally.expect(ms - floor <= MAX_MS, `${name} held the event loop for ${ms.toFixed(0)} ms`);
  tally.notes.push(`worst: ${seen[0]?.name}, ${seen[0]?.ms.toFixed(0)} ms; nothing: ${floor.toFixed(0)} ms`);
}

/**
 * Returns the median of the longest turns in three attempts, or the longer of two turns that are at most `enoughMs`, in
 * milliseconds. Each shape has its own tenant.
 */
async function held(
  { server }: Rig,
  tenantId: string,
  shapes: readonly Shape[],
  isExpected: (status: number) => boolean,
  enoughMs: number,
): Promise<{ readonly ms: number; readonly unexpected: readonly number[] }> {
  const holds: number[] = [];
  const unexpected: number[] = [];
  const areEnough = () => holds.length === 2 && Math.max(...holds) <= enoughMs;
  while (holds.length < TRIES && !areEnough()) {
    await server.longestHold();
    const sent = shapes.map((shape, i) => send(server.url, i === 0 ? tenantId : `${tenantId} ${i}`, shape));
    for (const status of await Promise.all(sent)) if (!isExpected(status)) unexpected.push(status);
    holds.push((await server.longestHold()).cpuMs);
  }
  return { ms: areEnough() ? Math.max(...holds) : median(holds), unexpected };
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

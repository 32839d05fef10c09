import { setTimeout as sleep } from "node:timers/promises";
import type { Tally } from "../harness/tally.js";
import type { ServerProcess } from "../server/server-process.js";

const EVERY_MS = 50;
const RESPONSE_MS = 30_000;
/** How much processor time one turn of the event loop may take. Elapsed time would include other processes. */
const MAX_TURN_MS = 150;

/**
 * Requests `/health/live` repeatedly during `work`. Checks that each request gets a response, and that no turn of the
 * server's event loop is long.
 */
export async function whileAlive<T>(server: ServerProcess, tally: Tally, work: () => Promise<T>): Promise<T> {
  const tookMs: number[] = [];
  let isOver = false;
  await server.longestHold();
  const probing = (async () => {
    while (!isOver) {
      const began = performance.now();
      const signal = AbortSignal.timeout(RESPONSE_MS);
      const isLive = await fetch(`${server.url}/health/live`, { signal }).then(
        async (response) => response.ok && (await response.text()) !== "",
        () => false,
      );
      tally.expect(isLive, "a request for /live got no response");
      tookMs.push(performance.now() - began);
      await sleep(EVERY_MS);
    }
  })();
  try {
    return await work();
  } finally {
    isOver = true;
    await probing;
    const { cpuMs } = await server.longestHold();
    tally.expect(
      cpuMs <= MAX_TURN_MS,
      `one turn of the event loop took ${Math.round(cpuMs)} ms of processor time`,
    );
    tally.notes.push(
      `/live: ${Math.round(Math.max(...tookMs))} ms at most; longest turn: ${Math.round(cpuMs)} ms of processor time`,
    );
  }
}

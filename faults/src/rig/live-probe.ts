import { setTimeout as sleep } from "node:timers/promises";
import type { Tally } from "../harness/tally.js";

const EVERY_MS = 50;
/** How long a response of `/live` may take. */
const MAX_MS = 100;
/** The percentage of responses that may take longer, because the senders share the processors with the server. */
const LATE_PERCENT = 1;

/** Requests `/health/live` repeatedly during `work`, and checks how long the responses take. */
export async function whileAlive<T>(url: string, tally: Tally, work: () => Promise<T>): Promise<T> {
  const tookMs: number[] = [];
  let isOver = false;
  const probing = (async () => {
    while (!isOver) {
      const began = performance.now();
      const isLive = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(5_000) }).then(
        async (response) => response.ok && (await response.text()) !== "",
        () => false,
      );
      tookMs.push(isLive ? performance.now() - began : Number.POSITIVE_INFINITY);
      await sleep(EVERY_MS);
    }
  })();
  try {
    return await work();
  } finally {
    isOver = true;
    await probing;
    judge(tookMs, tally);
  }
}

function judge(tookMs: readonly number[], tally: Tally): void {
  const late = tookMs.filter((ms) => ms > MAX_MS).length;
  tally.expect(
    late <= Math.ceil((tookMs.length * LATE_PERCENT) / 100),
    `${late} of ${tookMs.length} responses of /live took longer than ${MAX_MS} ms, one of them ${Math.round(Math.max(...tookMs))} ms`,
  );
  tally.notes.push(`/live: ${Math.round(Math.max(...tookMs))} ms at most`);
}

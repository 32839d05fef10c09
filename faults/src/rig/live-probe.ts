import { setTimeout as sleep } from "node:timers/promises";
import type { Tally } from "../harness/tally.js";

const EVERY_MS = 50;
/** How late `/live` may be answered. */
const MOST_MS = 100;
/** How many of a hundred answers may be later: the senders share the cores with the server. */
const LATE_PERCENT = 1;

/** Asks `/health/live` again and again while `work` goes on, and judges how late it was answered. */
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
  const late = tookMs.filter((ms) => ms > MOST_MS).length;
  tally.expect(
    late <= Math.ceil((tookMs.length * LATE_PERCENT) / 100),
    `/live was answered after ${MOST_MS} ms ${late} of ${tookMs.length} times, once after ${Math.round(Math.max(...tookMs))} ms`,
  );
  tally.notes.push(`/live: ${Math.round(Math.max(...tookMs))} ms at the latest`);
}

import { setImmediate } from "node:timers/promises";

/** Repeats a read for as long as the work goes on, and once after it. Rejects where either does. */
export async function meanwhile(work: Promise<unknown>, read: () => Promise<void>): Promise<void> {
  let working = true;
  const done = work.finally(() => {
    working = false;
  });
  try {
    while (working) {
      await read();
      await setImmediate();
    }
  } finally {
    await done;
  }
  await read();
}

import { setImmediate } from "node:timers/promises";

/** Repeats a read until the work has ended, and once after that. Rejects if either rejects. */
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

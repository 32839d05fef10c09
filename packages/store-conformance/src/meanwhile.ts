import { setImmediate } from "node:timers/promises";

/** Calls `read` repeatedly until `work` has ended, and once after that. Rejects if one of them rejects. */
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

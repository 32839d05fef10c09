const LEAST_MS = 300;

/** How often something is answered a second, one question after the other: at least once, and for a while. */
export async function answersPerSecond(ask: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  let answers = 0;
  let elapsed = 0;
  do {
    await ask();
    answers++;
    elapsed = performance.now() - start;
  } while (elapsed < LEAST_MS);
  return (answers * 1_000) / elapsed;
}

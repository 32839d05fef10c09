const MIN_MS = 300;

/** Measures the number of sequential calls per second, over a minimum time and with at least one call. */
export async function callsPerSecond(call: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  let calls = 0;
  let elapsed = 0;
  do {
    await call();
    calls++;
    elapsed = performance.now() - start;
  } while (elapsed < MIN_MS);
  return (calls * 1_000) / elapsed;
}

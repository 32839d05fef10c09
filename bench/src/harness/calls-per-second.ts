const MIN_MS = 300;

/** Makes sequential calls for a minimum time, but at least one call. Returns the number of calls per second. */
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

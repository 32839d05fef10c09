/** Makes sequential calls while `goesOn`, but at least one. Returns the duration of each call in milliseconds. */
export async function latenciesWhile(
  goesOn: () => boolean,
  call: (i: number) => Promise<unknown>,
): Promise<readonly number[]> {
  const latencies: number[] = [];
  do {
    const start = performance.now();
    await call(latencies.length);
    latencies.push(performance.now() - start);
  } while (goesOn());
  return latencies;
}

/**
 * Makes sequential calls for `ms` milliseconds, but at least one. Returns the duration of each call in milliseconds.
 */
export function latenciesFor(ms: number, call: (i: number) => Promise<unknown>): Promise<readonly number[]> {
  const start = performance.now();
  return latenciesWhile(() => performance.now() - start < ms, call);
}

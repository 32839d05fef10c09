/**
 * Begins `work` so many times a second, done or not, and yields how long each took in milliseconds: from when it was
 * due, so that what had to wait for its turn shows it.
 * Throws what the first to fail threw.
 */
export async function latenciesAt(
  perSecond: number,
  seconds: number,
  work: (i: number) => Promise<unknown>,
): Promise<readonly number[]> {
  const count = Math.round(perSecond * seconds);
  const latencies: number[] = [];
  const begun: Promise<void>[] = [];
  const failures: unknown[] = [];
  const start = performance.now();
  const one = async (i: number) => {
    try {
      await work(i);
      latencies[i] = performance.now() - start - (i * 1_000) / perSecond;
    } catch (error) {
      failures.push(error);
    }
  };
  while (begun.length < count && failures.length === 0) {
    const due = Math.min(count, Math.floor(((performance.now() - start) * perSecond) / 1_000) + 1);
    while (begun.length < due) begun.push(one(begun.length));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(begun);
  if (failures.length > 0) throw failures[0];
  return latencies;
}

/**
 * Calls `work` at a constant rate, even if earlier calls have not ended. When all calls have ended, returns the duration of
 * each call in milliseconds. A duration begins at the time at which the call was due, so that it includes a late start.
 * @throws the first error of `work`
 */
export async function latenciesAt(
  perSecond: number,
  seconds: number,
  work: (i: number) => Promise<unknown>,
): Promise<Float64Array> {
  const count = Math.round(perSecond * seconds);
  const latencies = new Float64Array(count);
  const failures: unknown[] = [];
  let begun = 0;
  let ended = 0;
  const start = performance.now();
  const one = async (i: number) => {
    try {
      await work(i);
      latencies[i] = performance.now() - start - (i * 1_000) / perSecond;
    } catch (error) {
      failures.push(error);
    }
    ended++;
  };
  while (ended < begun || (begun < count && failures.length === 0)) {
    const due = Math.min(count, Math.floor(((performance.now() - start) * perSecond) / 1_000) + 1);
    while (begun < due && failures.length === 0) void one(begun++);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  if (failures.length > 0) throw failures[0];
  return latencies;
}

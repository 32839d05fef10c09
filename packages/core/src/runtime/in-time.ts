/**
 * Returns the result of `work`. Work that takes longer than `ms` milliseconds continues, but its result is dropped.
 * @throws the error that `late` returns, if `work` takes longer
 */
export function inTime<T>(work: () => Promise<T>, ms: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  return Promise.race([work(), tooLate]).finally(() => clearTimeout(timer));
}

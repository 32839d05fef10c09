/**
 * Does `turn` again and again: at once while it answers that there is more, else so many milliseconds later. What it
 * answers ends that, and resolves when nothing is under way.
 */
export function repeat(
  ms: number,
  turn: () => Promise<boolean>,
  onError: (error: unknown) => void,
): () => Promise<void> {
  let stopped = false;
  let wake = () => {};
  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const guarded = () =>
    turn().catch((error: unknown) => {
      onError(error);
      return false;
    });
  const over = (async () => {
    while (!stopped) if (!(await guarded()) && !stopped) await pause();
  })();
  return () => {
    stopped = true;
    wake();
    return over;
  };
}

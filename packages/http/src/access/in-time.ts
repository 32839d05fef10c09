import { type Problem, unavailable } from "../problem.js";

/**
 * Returns the result of `work`. Work that takes longer than `ms` milliseconds continues, but its result is dropped.
 * @throws Problem 503 if `work` takes longer
 */
export function inTime<T>(work: () => Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late(ms)), ms);
  });
  return Promise.race([work(), tooLate]).finally(() => clearTimeout(timer));
}

function late(ms: number): Problem {
  const detail = `authentication took longer than ${ms} ms; nothing was stored: send the request again`;
  return unavailable("EVT_DEADLINE", detail);
}

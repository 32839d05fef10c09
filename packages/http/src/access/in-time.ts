import { type Problem, unavailable } from "../problem.js";

/**
 * What `authenticate` finds out, if it does so in time. One that hangs goes on in the background; its result is dropped.
 * @throws Problem 503
 */
export function inTime<T>(work: () => Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late(ms)), ms);
  });
  return Promise.race([work(), tooLate]).finally(() => clearTimeout(timer));
}

function late(ms: number): Problem {
  const detail = `who calls was not found out within ${ms} ms; nothing was stored: send it again`;
  return unavailable("EVT_DEADLINE", detail);
}

import type { Runtime } from "@evt/core";

export type Timers = Pick<Runtime, "setTimeout" | "clearTimeout">;

/** Does `work` with a signal that fires when the time is up, or when the caller's does. */
export async function within<T>(
  ms: number,
  timers: Timers,
  parent: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const onParent = () => controller.abort(parent?.reason);
  const timer = timers.setTimeout(() => controller.abort(new Error(`no answer within ${ms} ms`)), ms);
  parent?.addEventListener("abort", onParent, { once: true });
  if (parent?.aborted) onParent();
  try {
    return await work(controller.signal);
  } finally {
    timers.clearTimeout(timer);
    parent?.removeEventListener("abort", onParent);
  }
}

import type { Timers } from "./timers.js";

/** Runs `work` with a signal that fires after `ms` milliseconds or when `parent` fires. */
export async function within<T>(
  ms: number,
  timers: Timers,
  parent: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const onParent = () => controller.abort(parent?.reason);
  const timer = timers.setTimeout(() => controller.abort(new Error(`no response within ${ms} ms`)), ms);
  parent?.addEventListener("abort", onParent, { once: true });
  if (parent?.aborted) onParent();
  try {
    return await work(controller.signal);
  } finally {
    timers.clearTimeout(timer);
    parent?.removeEventListener("abort", onParent);
  }
}

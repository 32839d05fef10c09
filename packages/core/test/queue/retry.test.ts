import { describe, expect, it } from "vitest";
import { EvtError } from "../../src/evt-error.js";
import { Breaker, DEFAULT_BREAKER } from "../../src/queue/breaker.js";
import { type RetryOptions, withRetry } from "../../src/queue/retry.js";
import { FakeRuntime, settle } from "../../src/testing/fake-runtime.js";

const contended = new EvtError("EVT_STORE_CONTENDED", "deadlock");
const never = new AbortController().signal;

function failing(times: number, error: Error = contended) {
  let calls = 0;
  return { work: async () => (++calls > times ? calls : Promise.reject(error)), calls: () => calls };
}

function context(retry: RetryOptions, runtime = new FakeRuntime()) {
  return { retry, runtime, breaker: new Breaker(DEFAULT_BREAKER, runtime) };
}

describe("withRetry", () => {
  it("pauses for a random part of a limit that doubles up to its cap", async () => {
    const limits: number[] = [];
    const runtime = new FakeRuntime();
    runtime.random = () => 0.5;
    const setTimeout = runtime.setTimeout;
    runtime.setTimeout = (callback, ms) => {
      limits.push(ms * 2);
      return setTimeout(callback, 0);
    };
    await withRetry(failing(5).work, context({ attempts: 8, baseMs: 10, capMs: 50 }, runtime), never);
    expect(limits).toEqual([10, 20, 40, 50, 50]);
  });

  it("does not retry a permanent error", async () => {
    const { work, calls } = failing(1, new EvtError("EVT_RECORD_REFUSED", "poison"));
    await expect(withRetry(work, context({ attempts: 8, baseMs: 1, capMs: 1 }), never)).rejects.toMatchObject(
      { code: "EVT_RECORD_REFUSED" },
    );
    expect(calls()).toBe(1);
  });

  it("rejects with the last error after the last try", async () => {
    const { work, calls } = failing(9);
    await expect(withRetry(work, context({ attempts: 3, baseMs: 1, capMs: 1 }), never)).rejects.toBe(
      contended,
    );
    expect(calls()).toBe(3);
  });

  it("rejects with the last error if the signal aborts in a pause, and leaves no timer", async () => {
    const runtime = new FakeRuntime();
    runtime.random = () => 0.99;
    const caller = new AbortController();
    const trying = withRetry(
      failing(9).work,
      context({ attempts: 9, baseMs: 100, capMs: 100 }, runtime),
      caller.signal,
    );
    const outcome = expect(trying).rejects.toBe(contended);
    await settle();
    expect(runtime.pending).toBe(1);
    caller.abort(new EvtError("EVT_DEADLINE", "late"));
    await outcome;
    expect(runtime.pending).toBe(0);
  });

  it("rejects with the reason of the signal during work", async () => {
    const caller = new AbortController();
    const reason = new EvtError("EVT_DEADLINE", "late");
    const trying = withRetry(
      () => new Promise(() => undefined),
      context({ attempts: 9, baseMs: 1, capMs: 1 }),
      caller.signal,
    );
    caller.abort(reason);
    await expect(trying).rejects.toBe(reason);
  });

  it("does not retry if the breaker opens during its pause", async () => {
    const runtime = new FakeRuntime();
    runtime.random = () => 1;
    const shared = {
      ...context({ attempts: 9, baseMs: 10, capMs: 10 }, runtime),
      breaker: new Breaker({ ...DEFAULT_BREAKER, failures: 2, afterMs: 1 }, runtime),
    };
    const down = new EvtError("EVT_STORE_UNAVAILABLE", "down");
    const { work, calls } = failing(9, down);
    const outcome = expect(withRetry(work, shared, never)).rejects.toBe(down);
    await settle();
    await runtime.advance(5);
    await shared.breaker.guard(() => Promise.reject(down)).catch(() => undefined);
    await runtime.advance(5);
    await outcome;
    expect(calls()).toBe(1);
  });
});

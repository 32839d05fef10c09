import { describe, expect, it } from "vitest";
import { EvtError } from "../../src/evt-error.js";
import { Breaker, type BreakerOptions, DEFAULT_BREAKER, NO_BREAKER } from "../../src/queue/breaker.js";
import { FakeRuntime } from "../../src/testing/fake-runtime.js";

const unavailable = new EvtError("EVT_STORE_UNAVAILABLE", "down");

function breakerWith(options: Partial<BreakerOptions> = {}) {
  const runtime = new FakeRuntime();
  const breaker = new Breaker({ ...DEFAULT_BREAKER, ...options }, runtime);
  const fail = (error: Error = unavailable) =>
    breaker.guard(() => Promise.reject(error)).catch(() => undefined);
  const succeed = () => breaker.guard(async () => "answer");
  const isOpen = () => breaker.refusal() !== null;
  return { runtime, breaker, fail, succeed, isOpen };
}

/** Fails calls until the breaker is open. */
async function opened(options: Partial<BreakerOptions> = {}) {
  const trial = breakerWith({ afterMs: 1, ...options });
  for (let i = 0; i < 3; i++) {
    await trial.runtime.advance(1);
    await trial.fail();
  }
  expect(trial.isOpen()).toBe(true);
  return trial;
}

describe("the breaker", () => {
  it("stays closed before failures have lasted for afterMs", async () => {
    const { runtime, fail, isOpen } = breakerWith({ afterMs: 2_000 });
    for (let i = 0; i < 10; i++) await fail();
    await runtime.advance(1_999);
    await fail();
    expect(isOpen()).toBe(false);
  });

  it("opens after afterMs of failures only", async () => {
    const { runtime, fail, isOpen } = breakerWith({ afterMs: 2_000 });
    await fail();
    await fail();
    await runtime.advance(2_000);
    await fail();
    expect(isOpen()).toBe(true);
  });

  it("counts time from the start of the first failed call, so that a hanging store counts", async () => {
    const { runtime, breaker, isOpen } = breakerWith({ afterMs: 2_000, failures: 1 });
    let giveUp: (error: Error) => void = () => undefined;
    const hung = breaker.guard(() => new Promise<never>((_, reject) => (giveUp = reject)));
    await runtime.advance(2_000);
    giveUp(new EvtError("EVT_DEADLINE", "no answer"));
    await expect(hung).rejects.toThrow("no answer");
    expect(isOpen()).toBe(true);
  });

  it("does not open after few failures, no matter how long they lasted", async () => {
    const { runtime, fail, isOpen } = breakerWith({ failures: 3 });
    await fail();
    await runtime.advance(60_000);
    await fail();
    expect(isOpen()).toBe(false);
  });

  it("forgets failures at the first response", async () => {
    const { runtime, fail, succeed, isOpen } = breakerWith({ afterMs: 2_000 });
    await fail();
    await fail();
    await runtime.advance(2_000);
    await succeed();
    await fail();
    expect(isOpen()).toBe(false);
  });

  it.each(["EVT_RECORD_REFUSED", "EVT_STORE_CONTENDED", "EVT_INTERNAL"] as const)(
    "counts %s as a response",
    async (code) => {
      const { runtime, fail, isOpen } = breakerWith({ afterMs: 2_000 });
      await fail();
      await fail();
      await runtime.advance(2_000);
      await fail(new EvtError(code, "answered"));
      await fail();
      expect(isOpen()).toBe(false);
    },
  );

  it("ignores a call that was aborted", async () => {
    const { runtime, fail, isOpen } = breakerWith({ afterMs: 2_000 });
    await fail();
    await fail();
    await runtime.advance(2_000);
    await fail(new EvtError("EVT_ABORTED", "gave up"));
    expect(isOpen()).toBe(false);
    await fail();
    expect(isOpen()).toBe(true);
  });

  it("lets another call probe, after the same pause, if the probe was aborted", async () => {
    const { runtime, fail, isOpen } = await opened({ pauseMs: 200 });
    // random() is 0 here: half of the pause
    for (let i = 0; i < 3; i++) {
      await runtime.advance(99);
      expect(isOpen()).toBe(true);
      await runtime.advance(1);
      expect(isOpen()).toBe(false);
      await fail(new EvtError("EVT_ABORTED", "gave up"));
    }
    expect(isOpen()).toBe(true);
  });

  it("lets one call probe after the pause, and no other at the same time", async () => {
    const { runtime, breaker, isOpen } = await opened({ pauseMs: 250 });
    await runtime.advance(250);
    expect(isOpen()).toBe(false);
    let answer: (value: string) => void = () => undefined;
    const probe = breaker.guard(() => new Promise<string>((resolve) => (answer = resolve)));
    expect(isOpen()).toBe(true);
    answer("sound");
    expect(await probe).toBe("sound");
    expect(isOpen()).toBe(false);
  });

  it("pauses twice as long after a probe that fails, up to the longest", async () => {
    const { runtime, fail, isOpen } = await opened({ pauseMs: 200, maxPauseMs: 600 });
    // random() is 0 here: half of each pause
    for (const pause of [100, 200, 300, 300]) {
      await runtime.advance(pause - 1);
      expect(isOpen()).toBe(true);
      await runtime.advance(1);
      expect(isOpen()).toBe(false);
      await fail();
    }
  });

  it("ignores the failure of an earlier call during a probe, and admits no second probe", async () => {
    const { runtime, breaker, isOpen } = breakerWith({ afterMs: 1, failures: 1, pauseMs: 200 });
    let late: (error: Error) => void = () => undefined;
    const straggler = breaker.guard(() => new Promise<never>((_, reject) => (late = reject)));
    await runtime.advance(1);
    await breaker.guard(() => Promise.reject(unavailable)).catch(() => undefined);
    await runtime.advance(1);
    await breaker.guard(() => Promise.reject(unavailable)).catch(() => undefined);
    await runtime.advance(200);
    let answer: () => void = () => undefined;
    const probe = breaker.guard(() => new Promise<void>((resolve) => (answer = resolve)));
    late(unavailable);
    await straggler.catch(() => undefined);
    await runtime.advance(60_000);
    expect(isOpen()).toBe(true);
    answer();
    await probe;
    expect(isOpen()).toBe(false);
  });

  it("ignores the failure of a probe from before it was closed", async () => {
    const { runtime, breaker, fail, isOpen } = await opened({ failures: 1, pauseMs: 200 });
    await runtime.advance(200);
    let late: (error: Error) => void = () => undefined;
    const earlier = breaker.guard(() => new Promise<never>((_, reject) => (late = reject)));
    breaker.close();
    await fail();
    await runtime.advance(1);
    await fail();
    expect(isOpen()).toBe(true);
    await runtime.advance(200);
    void breaker.guard(() => new Promise(() => undefined));
    late(unavailable);
    await expect(earlier).rejects.toBe(unavailable);
    await runtime.advance(60_000);
    expect(isOpen()).toBe(true);
  });

  it("closes when the store works again", async () => {
    const { breaker, isOpen } = await opened();
    breaker.close();
    expect(isOpen()).toBe(false);
  });

  it.each([-50 * 365, -1, 1, 50 * 365])("probes immediately if the clock jumps by %i days", async (days) => {
    const { runtime, isOpen } = await opened({ pauseMs: 60_000, maxPauseMs: 60_000 });
    await runtime.advance(days * 86_400_000);
    expect(isOpen()).toBe(false);
  });

  it("never opens if it is turned off", async () => {
    const { runtime, fail, isOpen } = breakerWith(NO_BREAKER);
    for (let i = 0; i < 100; i++) {
      await runtime.advance(1_000);
      await fail();
    }
    expect(isOpen()).toBe(false);
  });
});

describe("a breaker that can ping the store", () => {
  const deadline = new EvtError("EVT_DEADLINE", "no answer");

  function pinging(answer: () => Promise<void>) {
    const runtime = new FakeRuntime();
    let pings = 0;
    const ping = () => {
      pings++;
      return answer();
    };
    const breaker = new Breaker({ ...DEFAULT_BREAKER, failures: 3, afterMs: 100 }, runtime, ping);
    const fail = async (error: Error) => {
      await runtime.advance(100);
      await breaker.guard(() => Promise.reject(error)).catch(() => undefined);
      await runtime.advance(0);
    };
    return { runtime, breaker, fail, pings: () => pings };
  }

  it("stays closed if calls miss their deadline while pings succeed", async () => {
    const { breaker, fail, pings } = pinging(() => Promise.resolve());
    for (let n = 0; n < 10; n++) await fail(deadline);
    expect(breaker.refusal()).toBeNull();
    expect(pings()).toBe(10);
  });

  it("opens if calls miss their deadline and pings fail", async () => {
    const { breaker, fail } = pinging(() => Promise.reject(unavailable));
    for (let n = 0; n < 3; n++) await fail(deadline);
    expect(breaker.refusal()).not.toBeNull();
  });

  it("closes after a slow probe", async () => {
    const { breaker, fail, runtime } = pinging(() => Promise.resolve());
    for (let n = 0; n < 3; n++) await fail(unavailable);
    expect(breaker.refusal()).not.toBeNull();
    await runtime.advance(1_000);
    await fail(deadline);
    expect(breaker.refusal()).toBeNull();
  });

  it("pings once at a time", async () => {
    const { fail, pings } = pinging(() => new Promise(() => undefined));
    for (let n = 0; n < 5; n++) await fail(deadline);
    expect(pings()).toBe(1);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Pace } from "../../src/sharing/pace.js";

const LIMITS = { totalMs: 60_000, stallMs: 5_000, bytesPerSecond: 1_000 };

describe("Pace", () => {
  const tooSlow = vi.fn();
  beforeEach(() => {
    tooSlow.mockReset();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setImmediate", "performance"] });
  });
  afterEach(() => void vi.useRealTimers());
  const pass = (ms: number) => vi.advanceTimersByTime(ms);

  it("reports a transfer that stalls", () => {
    new Pace(LIMITS, tooSlow);
    pass(4_990);
    expect(tooSlow).not.toHaveBeenCalled();
    pass(20);
    expect(tooSlow).toHaveBeenCalledExactlyOnceWith("stall");
  });

  it("does not let a fast start pay for a later stall", () => {
    const pace = new Pace(LIMITS, tooSlow);
    pace.moved(5_000_000);
    pass(5_010);
    expect(tooSlow).toHaveBeenCalledExactlyOnceWith("stall");
  });

  it("reports a transfer of single bytes", () => {
    const pace = new Pace(LIMITS, tooSlow);
    for (let i = 0; i < 60 && tooSlow.mock.calls.length === 0; i++) {
      pace.moved(1);
      pass(100);
    }
    expect(tooSlow).toHaveBeenCalledExactlyOnceWith("stall");
  });

  it("lets a transfer at the minimum rate take all of its time, and no more", () => {
    const pace = new Pace(LIMITS, tooSlow);
    for (let i = 0; i < 59; i++) {
      pace.moved(1_000);
      pass(1_000);
    }
    expect(tooSlow).not.toHaveBeenCalled();
    pace.moved(1_000);
    pass(1_010);
    expect(tooSlow).toHaveBeenCalledExactlyOnceWith("total");
  });

  it("counts bytes that arrived while the event loop was blocked", () => {
    const pace = new Pace(LIMITS, tooSlow);
    setTimeout(() => setImmediate(() => pace.moved(10_000)), 4_999);
    pass(5_002);
    expect(tooSlow).not.toHaveBeenCalled();
    pace.stop();
  });

  it("leaves no timer after it was stopped", () => {
    const pace = new Pace(LIMITS, tooSlow);
    pace.stop();
    expect(vi.getTimerCount()).toBe(0);
    pass(100_000);
    expect(tooSlow).not.toHaveBeenCalled();
  });
});

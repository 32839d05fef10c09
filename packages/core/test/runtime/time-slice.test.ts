import { describe, expect, it, vi } from "vitest";
import { TimeSlice } from "../../src/runtime/time-slice.js";

describe("a time slice", () => {
  it("is over after 10 ms, also where the clock is put back, and begins anew after a pause", async () => {
    let now = 1_000;
    const pause = vi.fn(() => Promise.resolve());
    const slice = new TimeSlice({ now: () => now, pause });
    now = 1_009;
    expect(slice.isOver).toBe(false);
    now = 1_010;
    expect(slice.isOver).toBe(true);
    await slice.next();
    expect(pause).toHaveBeenCalledOnce();
    expect(slice.isOver).toBe(false);
    now = 0;
    expect(slice.isOver).toBe(true);
  });
});

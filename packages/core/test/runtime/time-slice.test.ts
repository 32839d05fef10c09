import { describe, expect, it, vi } from "vitest";
import { mapInSlices, TimeSlice } from "../../src/runtime/time-slice.js";

describe("a time slice", () => {
  it("is over after 10 ms, even if the clock is put back, and begins again after a pause", async () => {
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

describe("mapInSlices", () => {
  const runtimeOf = (msPerLook: number) => {
    let now = 0;
    const pause = vi.fn(() => Promise.resolve());
    return { now: () => (now += msPerLook), pause };
  };

  it("returns immediately within one slice", () => {
    const runtime = runtimeOf(0);
    expect(mapInSlices([1, 2, 3], (item, index) => item * 10 + index, runtime)).toEqual([10, 21, 32]);
    expect(runtime.pause).not.toHaveBeenCalled();
  });

  it("pauses between slices, and maps each item once, in order", async () => {
    const runtime = runtimeOf(5);
    const seen: number[] = [];
    const mapped = mapInSlices(
      [1, 2, 3, 4, 5, 6],
      (item, index) => {
        seen.push(item);
        return index;
      },
      runtime,
    );
    expect(mapped).toBeInstanceOf(Promise);
    expect(await mapped).toEqual([0, 1, 2, 3, 4, 5]);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
    expect(runtime.pause.mock.calls.length).toBeGreaterThan(1);
  });

  it("rejects if the work throws", async () => {
    const fail = (item: number) => {
      if (item === 3) throw new Error("three");
      return item;
    };
    await expect(mapInSlices([1, 2, 3], fail, runtimeOf(10))).rejects.toThrow("three");
    expect(() => mapInSlices([3], fail, runtimeOf(10))).toThrow("three");
  });

  it("pauses after one long item", async () => {
    const runtime = runtimeOf(10);
    expect(await mapInSlices([1], (item) => item, runtime)).toEqual([1]);
    expect(runtime.pause).toHaveBeenCalledOnce();
  });
});

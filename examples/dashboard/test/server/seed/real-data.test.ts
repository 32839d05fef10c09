import { describe, expect, test } from "vitest";
import { readRealData } from "../../../server/seed/real-data.js";

describe("the real data", () => {
  test("each earthquake has a unique key", async () => {
    const { earthquakes } = await readRealData();
    const keys = new Set(earthquakes.map((quake) => (quake as { id: string }).id));
    expect(earthquakes).toHaveLength(1_707);
    expect(keys.size).toBe(1_707);
  });

  test("no two flights have the same identity", async () => {
    const { flights } = await readRealData();
    const contents = new Set(
      (flights as Record<string, unknown>[]).map(({ date, origin, destination, delay }) =>
        JSON.stringify([date, origin, destination, delay]),
      ),
    );
    expect(flights).toHaveLength(20_000);
    expect(contents.size).toBe(20_000);
  });
});

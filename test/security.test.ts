import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DEFAULT_PARK_TIMEOUT_MS, DEFAULT_TIMEOUT_MS } from "../packages/core/src/create-evt.js";
import { DEFAULT_LIMITS } from "../packages/core/src/evt-options.js";
import { requestLimits } from "../packages/http/src/limits.js";
import { serverLimits } from "../packages/http-express/src/index.js";

interface Row {
  /** The limit's name and value. */
  readonly text: string;
  /** The limit's options, in that order. */
  readonly options: readonly string[];
}

const rows: readonly Row[] = readFileSync(new URL("../SECURITY.md", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .map((line) => {
    const [, what = "", most = "", where = ""] = line.split("|");
    return {
      text: `${what} ${most}`,
      options: Array.from(where.matchAll(/`(?:\w+\.)?(\w+)`/g), ([, name = ""]) => name),
    };
  });

const limits: Readonly<Record<string, number>> = {
  ...requestLimits(),
  ...DEFAULT_LIMITS,
  ...serverLimits,
  timeoutMs: DEFAULT_TIMEOUT_MS,
  parkTimeoutMs: DEFAULT_PARK_TIMEOUT_MS,
};

/** Returns the ways in which the table may write a default. */
function spellings(name: string, value: number): readonly string[] {
  const number = value.toLocaleString("en");
  if (/(?:Ms|Timeout)$/.test(name)) return [`${value / 1_000} s`];
  return [number, `${value / 1024} KiB`, `${value / 1024 ** 2} MiB`, `${value / 1024 ** 2} Mi`];
}

describe("the table of limits in SECURITY.md", () => {
  it("contains every limit of a request and of a server", () => {
    const named = new Set(rows.flatMap(({ options }) => options));
    const { connectionsCheckingInterval: _, ...ofServer } = serverLimits;
    const missing = Object.keys({ ...requestLimits(), ...ofServer }).filter((name) => !named.has(name));
    expect(missing).toEqual([]);
  });

  it("has the current defaults", () => {
    for (const { text, options } of rows)
      for (const name of options.filter((name) => name in limits)) {
        const value = limits[name] as number;
        const isSaid = spellings(name, value).some((each) => new RegExp(`(?<![\\d,.])${each}\\b`).test(text));
        expect(isSaid, `${name} is ${value}; the table says: ${text}`).toBe(true);
      }
  });
});

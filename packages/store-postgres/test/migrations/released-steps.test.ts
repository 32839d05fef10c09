import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { migrationsIn } from "../../src/migrations/index.js";
import { checksum } from "../../src/migrations/journal.js";

/** The checksum of each step's SQL for the schema `evt`, by version. Entries are only added. */
const RELEASED: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(new URL("released-steps.json", import.meta.url), "utf8"),
);
const STEPS = migrationsIn('"evt"');

describe("released steps", () => {
  it("are numbered from 1 without gaps, in order", () => {
    expect(STEPS.map(({ version }) => version)).toEqual(STEPS.map((_, i) => i + 1));
  });

  it.each(STEPS.map((step) => [step.version, step.name, step] as const))(
    "step %i (%s) is unchanged since it was recorded",
    (version, _, step) => {
      const advice =
        "a released step never changes: add another step; for a new step, add its checksum to released-steps.json";
      expect(RELEASED[version], advice).toBe(checksum(step));
    },
  );

  it("all still exist", () => {
    expect(Object.keys(RELEASED)).toEqual(STEPS.map(({ version }) => String(version)));
  });
});

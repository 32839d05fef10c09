import { expect, it } from "vitest";
import { failureLines } from "../src/harness/report.js";
import { Tally } from "../src/harness/tally.js";

it("each failure of a fault has a line with the command that runs the fault again", () => {
  const tally = new Tally();
  tally.expect(false, "the server ended\n  at rig.ts");
  tally.expect(false, "totals differ");
  const result = { name: "F1", title: "server killed", rounds: 3, seed: 17, figures: tally.figures() };
  expect(failureLines(result)).toEqual([
    "✗ F1 server killed: the server ended (npm run faults -- F1 --seed 17)",
    "✗ F1 server killed: totals differ (npm run faults -- F1 --seed 17)",
  ]);
});

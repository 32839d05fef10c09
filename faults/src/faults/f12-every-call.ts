import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Fault } from "../harness/fault.js";
import { Tally } from "../harness/tally.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const SUITES = [
  "packages/store-postgres/test/every-call",
  "packages/store-postgres/test/outbox/every-call-fails",
];

interface Summary {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** One round tries every call. A short run omits this fault, because `npm run test:deep` runs the same tests. */
export const everyCall: Fault = {
  name: "F12",
  title:
    "each call to the database in turn fails before or after it runs, gets no response, or gets a wrong result",
  rounds: { full: 1, short: 0 },
  run: async () => {
    const tally = new Tally();
    const args = ["node_modules/vitest/vitest.mjs", "run", "--project", "pg", "--reporter=json", ...SUITES];
    const env = { ...process.env, EVT_TEST_DEPTH: "deep" };
    const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "ignore"] });
    const ended = once(child, "exit");
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(await text(child.stdout)) as Summary;
    const [code] = await ended;
    tally.notes.push(
      `${numPassedTests} operations and anomalies passed with each call in turn; ${numFailedTests} failed`,
    );
    tally.expect(numPassedTests > 0, "no test passed");
    tally.expect(code === 0, `the tests ended with exit code ${code}`);
    for (const { status, fullName } of testResults.flatMap(({ assertionResults }) => assertionResults))
      tally.expect(status !== "failed", fullName);
    return tally.figures();
  },
};

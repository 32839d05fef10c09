import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { ModelOptions } from "../harness.js";
import { storeTest } from "../store-test.js";
import type { Trial } from "../trial.js";
import { anyCommands, anyContents } from "./any-commands.js";
import type { Command, Contents } from "./command.js";
import { ModelRun } from "./run.js";

/** Runs random sequences of commands on one store. Each sequence has its own tenants. */
export const modelTest = storeTest(
  "model",
  "after any sequence of inserts, resends, parks and reads, the store returns the same as the model",
  (trial, harness) => explore(trial, harness.model ?? {}),
);

async function explore(trial: Trial, { runs = 100, seed, path }: ModelOptions): Promise<void> {
  let run = 0;
  const agrees = fc.asyncProperty(anyContents, anyCommands, (contents, commands) =>
    new ModelRun(trial, contents, `run ${++run}`).run(commands),
  );
  const where = { ...(seed === undefined ? {} : { seed }), ...(path === undefined ? {} : { path }) };
  const details = await fc.check(agrees, { numRuns: runs, ...where });
  if (details.failed) assert.fail(failureMessage(details));
}

function failureMessage({
  seed,
  counterexamplePath,
  counterexample,
  errorInstance,
}: fc.RunDetails<[Contents, Command[]]>): string {
  const [contents = [], commands = []] = counterexample ?? [];
  const steps = commands.map(
    (command, index) => `${String(index + 1).padStart(3)}. ${JSON.stringify(command)}`,
  );
  const again = `model: { seed: ${seed}, path: "${counterexamplePath}" }`;
  return [
    `the store and the model disagree; repeat with ${again}`,
    `contents of the identities: ${JSON.stringify(contents)}`,
    ...steps,
    whatDiffers(errorInstance),
  ].join("\n");
}

/**
 * Returns the error's message and the difference. Node does not print the difference if an assertion has a custom
 * message.
 */
function whatDiffers(error: unknown): string {
  if (!(error instanceof assert.AssertionError)) return String(error);
  const { message, actual, expected } = error;
  const difference = new assert.AssertionError({ actual, expected, operator: "deepStrictEqual" });
  return `${message}\n${difference.message}`;
}

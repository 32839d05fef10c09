import { FAULTS } from "./faults/index.js";
import { argumentsFrom, USAGE, UsageError } from "./harness/arguments.js";
import type { Fault, Figures } from "./harness/fault.js";
import { randomFrom } from "./harness/random.js";
import { claim, failureLines, holds, jsonLine, type Result, table } from "./harness/report.js";
import { Tally } from "./harness/tally.js";

const FAILED = 1;
const USAGE_WRONG = 2;

async function main(): Promise<void> {
  const names = FAULTS.map(({ name }) => name);
  const asked = argumentsFrom(process.argv.slice(2), names, Math.floor(Math.random() * 1e9));
  if (asked.help) return console.log(USAGE);
  const wanted = FAULTS.filter(({ name }) => asked.names.length === 0 || asked.names.includes(name));
  const results: Result[] = [];
  for (const fault of wanted) {
    const rounds = asked.rounds ?? (asked.short ? fault.rounds.short : fault.rounds.full);
    // a fault with 0 short rounds is omitted from short runs
    if (rounds === 0) continue;
    const result = await run(fault, rounds, asked.seed);
    results.push(result);
    if (asked.json) console.log(jsonLine(result));
  }
  const failed = results.filter((result) => !holds(result));
  if (!asked.json) console.log(`\n${table(results)}\n`);
  for (const line of failed.flatMap(failureLines)) console.error(line);
  if (failed.length > 0) process.exitCode = FAILED;
  else console.error(`seed ${asked.seed}. ${claim(results)}`);
  const closing = `${results.length - failed.length} passed, ${failed.length} failed`;
  if (asked.json) console.error(closing);
  else console.log(closing);
}

async function run(fault: Fault, rounds: number, seed: number): Promise<Result> {
  const { name, title } = fault;
  console.error(`${name} ${title}: ${rounds} rounds`);
  const began = performance.now();
  const say = (line: string) => console.error(`  ${line}`);
  const figures = await fault.run({ rounds, seed, random: randomFrom(seed), say }).catch(brokenOff);
  say(`${((performance.now() - began) / 1_000).toFixed(1)} s`);
  for (const note of figures.notes) say(note);
  for (const failure of figures.failures) say(`FAILED: ${failure}`);
  return { name, title, rounds, seed, figures };
}

/** Converts an error to a failed result, so that the other faults still run. */
function brokenOff(error: unknown): Figures {
  const tally = new Tally();
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  tally.expect(false, `the run ended with an error: ${why}`);
  return tally.figures();
}

main().catch((error: unknown) => {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n${USAGE}`);
  process.exitCode = USAGE_WRONG;
});

import { readFile, writeFile } from "node:fs/promises";
import { CONTESTS } from "./contests.js";
import { type Arguments, argumentsFrom, USAGE, UsageError } from "./harness/arguments.js";
import { jsonLines } from "./harness/json-lines.js";
import { withBenchSection } from "./harness/readme-section.js";
import { type Results, run } from "./harness/run.js";
import { table } from "./harness/table.js";

const README = new URL("../../README.md", import.meta.url);

const BAR_MISSED = 1;
const USAGE_WRONG = 2;

async function main(): Promise<void> {
  const asked = argumentsFrom(
    process.argv.slice(2),
    CONTESTS.flatMap(({ rows }) => rows.map(({ name }) => name)),
  );
  if (asked.help) return console.log(USAGE);
  // before minutes are spent on what cannot be written
  if (asked.writeReadme) withBenchSection(await readFile(README, "utf8"), "");
  const results = await run(CONTESTS, asked, (line) => console.error(line));
  tell(results, asked);
  if (asked.writeReadme) await writeReadme(report(results));
  if (!asked.quick && results.standings.some(({ holds }) => holds === false)) process.exitCode = BAR_MISSED;
}

function tell(results: Results, { json }: Arguments): void {
  if (json) {
    for (const line of results.about) console.error(line);
    console.log(jsonLines(results.standings));
  } else {
    console.log(`\n${report(results)}`);
  }
}

function report({ about, standings }: Results): string {
  return `${table(standings)}\n\n${about.map((line) => `${line}.`).join("\n")}`;
}

async function writeReadme(section: string): Promise<void> {
  await writeFile(README, withBenchSection(await readFile(README, "utf8"), section));
}

main().catch((error: unknown) => {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n${USAGE}`);
  process.exitCode = USAGE_WRONG;
});

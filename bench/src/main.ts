import { readFile, writeFile } from "node:fs/promises";
import { CONTESTS, HEADLINES } from "./contests.js";
import { type Arguments, argumentsFrom, USAGE, UsageError } from "./harness/arguments.js";
import { withBenchSection } from "./harness/bench-section.js";
import { jsonLines } from "./harness/json-lines.js";
import { type Results, run } from "./harness/run.js";
import { table, valueTable } from "./harness/table.js";

const BENCHMARKS = new URL("../../docs/benchmarks.md", import.meta.url);
const README = new URL("../../README.md", import.meta.url);

const BAR_MISSED = 1;
const USAGE_WRONG = 2;

async function main(): Promise<void> {
  const asked = argumentsFrom(
    process.argv.slice(2),
    CONTESTS.flatMap(({ rows }) => rows.map(({ name }) => name)),
  );
  if (asked.help) return console.log(USAGE);
  // fails before the run if a document lacks the markers for the results
  if (asked.writeDocs) await Promise.all([sectionIn(BENCHMARKS, ""), sectionIn(README, "")]);
  const results = await run(CONTESTS, asked, (line) => console.error(line));
  print(results, asked);
  if (asked.writeDocs) await writeDocs(results);
  if (!asked.quick && results.standings.some(({ holds }) => holds === false)) process.exitCode = BAR_MISSED;
}

function print(results: Results, { json }: Arguments): void {
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

async function writeDocs(results: Results): Promise<void> {
  const [machine = ""] = results.about;
  const headlines = `${valueTable(results.standings, HEADLINES)}\n\n${machine}.`;
  await writeFile(BENCHMARKS, await sectionIn(BENCHMARKS, report(results)));
  await writeFile(README, await sectionIn(README, headlines));
}

async function sectionIn(document: URL, section: string): Promise<string> {
  return withBenchSection(await readFile(document, "utf8"), section);
}

main().catch((error: unknown) => {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n${USAGE}`);
  process.exitCode = USAGE_WRONG;
});

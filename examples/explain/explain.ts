import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { explain, type Mapping } from "@evt/core";
import { parseExactly } from "@evt/core/adapter";

const [mappingFile, samplesFile] = process.argv.slice(2);
if (mappingFile === undefined || samplesFile === undefined)
  throw new Error("usage: npx tsx explain.ts <mapping.ts> <samples.json or samples.ndjson>");

const { default: mapping } = (await import(pathToFileURL(resolve(mappingFile)).href)) as { default: Mapping };
const text = await readFile(samplesFile, "utf8");
// an .ndjson file has one sample on each line; any other file is one sample or an array of samples, in JSON
const samples = samplesFile.endsWith(".ndjson")
  ? text
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map(parseExactly)
  : [parseExactly(text)].flat();

const { events, table } = explain(mapping, samples);
console.log(table);
const refused = events.filter(({ issues }) => issues.length > 0).length;
console.log(`\n${events.length} events in ${samples.length} samples, ${refused} of them refused`);
process.exitCode = refused > 0 ? 1 : 0;

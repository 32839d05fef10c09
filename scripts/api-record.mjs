import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { ensurePackagesBuilt } from "./package-builds.mjs";
import { setUp } from "./set-up.mjs";
import { root } from "./workspace.mjs";

await setUp(ensurePackagesBuilt);
// imported after the set-up, because dependencies may be missing before
const { apiFolder, entryPoints, leftOver, reportOf } = await import("./api-reports.mjs");
const entries = entryPoints();
mkdirSync(apiFolder, { recursive: true });
for (const entry of entries) writeFileSync(entry.report, reportOf(entry));
for (const file of leftOver(entries)) rmSync(file);
console.log(`recorded the public types of ${entries.length} entry points in ${relative(root, apiFolder)}`);

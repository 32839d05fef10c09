import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { Extractor, ExtractorConfig } from "@microsoft/api-extractor";
import { packageFolders, root } from "./workspace.mjs";

/** The committed reports: each entry point's public types, sorted, without docstrings. */
export const apiFolder = join(root, "etc", "api");

/** Returns the entry points of the built packages: the import name, the package folder, the file with its types, and its report. */
export function entryPoints() {
  return packageFolders().flatMap((folder) => {
    const { name, exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const typed = Object.entries(exports).filter(([, { import: target }]) => target?.types !== undefined);
    return typed.map(([path, { import: target }]) => ({
      entry: join(name, path),
      folder,
      types: join(folder, target.types),
      report: join(apiFolder, `${[basename(folder), ...path.split("/").slice(1)].join(".")}.md`),
    }));
  });
}

/** Returns one check per entry point, and one check for reports without an entry point. */
export function apiChecks() {
  const entries = entryPoints();
  const checks = entries.map((entry) => [`api: ${entry.entry}`, async () => differenceOf(entry)]);
  return {
    ...Object.fromEntries(checks),
    "api: no report is left over": async () => leftOver(entries).map(withoutEntryPoint).join("\n"),
  };
}

/** Returns the report files of entry points that no longer exist. */
export function leftOver(entries) {
  const known = new Set(entries.map(({ report }) => report));
  const recorded = existsSync(apiFolder) ? readdirSync(apiFolder).map((name) => join(apiFolder, name)) : [];
  return recorded.filter((file) => !known.has(file));
}

function differenceOf(entry) {
  const recorded = existsSync(entry.report) ? readFileSync(entry.report, "utf8") : "";
  const now = reportOf(entry);
  if (now === recorded) return "";
  const [before, after] = [recorded.split("\n"), now.split("\n")];
  return [
    `the public types of ${entry.entry} differ from ${toPath(entry.report)}:`,
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
    "If you intend this, run `npm run api:record`, commit the report, and add a changeset.",
  ].join("\n");
}

/** Returns an entry point's report. The report depends only on the built types. */
export function reportOf({ entry, folder, types }) {
  const out = mkdtempSync(join(tmpdir(), "evt-api-"));
  try {
    const { succeeded } = Extractor.invoke(ExtractorConfig.prepare(configuration(folder, types, out)), {
      localBuild: true,
      messageCallback: (message) => {
        message.handled = true;
      },
    });
    if (!succeeded) throw new Error(`API Extractor could not read the types of ${entry}`);
    return readFileSync(join(out, "report.api.md"), "utf8");
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function configuration(folder, types, out) {
  const quiet = { default: { logLevel: "none" } };
  return {
    packageJsonFullPath: join(folder, "package.json"),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: types,
      newlineKind: "lf",
      apiReport: {
        enabled: true,
        reportFileName: "report",
        reportFolder: out,
        reportTempFolder: join(out, "new"),
        // a type that is used but not exported is part of the API too
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: quiet,
        extractorMessageReporting: quiet,
        tsdocMessageReporting: quiet,
      },
      compiler: { overrideTsconfig: { compilerOptions, files: [types] } },
    },
  };
}

const compilerOptions = {
  target: "ES2022",
  lib: ["ES2023"],
  module: "NodeNext",
  moduleResolution: "NodeNext",
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  types: ["node"],
  // without this folder, Node's globals are unknown
  typeRoots: [join(root, "node_modules", "@types")],
};

function withoutEntryPoint(file) {
  return `${toPath(file)} has no entry point: \`npm run api:record\` removes it`;
}

function toPath(file) {
  return relative(root, file);
}

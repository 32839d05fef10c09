import { existsSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** What a program shares with the one who started it; not a package on its own. */
const PARENT = fileURLToPath(new URL("./parent.ts", import.meta.url));

const made = new Map<string, Promise<string>>();

/** The path of a program as JavaScript: whoever runs it carries no compiler along, neither its memory nor its time. */
export function compiled(program: URL): Promise<string> {
  const path = made.get(program.href) ?? compile(fileURLToPath(program));
  made.set(program.href, path);
  return path;
}

async function compile(source: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [source],
    write: false,
    bundle: true,
    packages: "external",
    alias: { "@evt/programs/parent": PARENT },
    // or what users import would be taken from its sources
    tsconfigRaw: {},
    platform: "node",
    target: "node20",
    format: "esm",
    logLevel: "error",
  });
  // within the package, so that what the program imports is found
  const folder = join(packageOf(source), "node_modules", ".cache", "programs");
  const path = join(folder, basename(source).replace(/\.ts$/, ".mjs"));
  await mkdir(folder, { recursive: true });
  // in one step: another process may be about to run it
  const beside = `${path}.${process.pid}`;
  await writeFile(beside, outputFiles[0]?.contents ?? "");
  await rename(beside, path);
  return path;
}

function packageOf(source: string): string {
  let folder = dirname(source);
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}

import { mkdir, rename, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Within the package, so that what the programs import is found. */
const FOLDER = fileURLToPath(new URL("../../node_modules/.cache/programs/", import.meta.url));

const made = new Map<string, Promise<string>>();

/** The path of a program of the bench as JavaScript: whoever runs it carries no compiler along, neither its memory nor its time. */
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
    // or what users import would be taken from its sources
    tsconfigRaw: {},
    platform: "node",
    target: "node20",
    format: "esm",
    logLevel: "error",
  });
  const path = join(FOLDER, basename(source).replace(/\.ts$/, ".mjs"));
  await mkdir(FOLDER, { recursive: true });
  // in one step: another process may be about to run it
  const beside = `${path}.${process.pid}`;
  await writeFile(beside, outputFiles[0]?.contents ?? "");
  await rename(beside, path);
  return path;
}

import { existsSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The module that a program shares with the process that started it. It is bundled into the program. */
const PARENT = fileURLToPath(new URL("./parent.ts", import.meta.url));

const made = new Map<string, Promise<string>>();

/** Compiles a program and returns its path, so that a measured process does not spend time and memory on a compiler. */
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
    // without the paths of tsconfig.json, or packages would resolve to their sources
    tsconfigRaw: {},
    platform: "node",
    target: "node20",
    format: "esm",
    logLevel: "error",
  });
  // inside the package, so that imports of the program are found
  const folder = join(packageOf(source), "node_modules", ".cache", "programs");
  const path = join(folder, basename(source).replace(/\.ts$/, ".mjs"));
  await mkdir(folder, { recursive: true });
  // renamed in one step, because another process may load it at the same time
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, outputFiles[0]?.contents ?? "");
  await rename(temporary, path);
  return path;
}

function packageOf(source: string): string {
  let folder = dirname(source);
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}

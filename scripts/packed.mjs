import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runQuietly } from "./child.mjs";
import { pnpm } from "./dependencies.mjs";

/** Packs packages as they would be published. Returns the path of each tarball by package name. */
export async function packInto(folder, packages) {
  const tarballs = {};
  for (const path of packages) {
    const known = new Set(readdirSync(folder));
    const pack = [...pnpm, "--dir", path, "pack", "--pack-destination", folder];
    const { code, output } = await runQuietly("npx", pack);
    const made = readdirSync(folder).find((name) => name.endsWith(".tgz") && !known.has(name));
    if (code !== 0 || !made) throw new Error(`could not pack ${path}:\n${output}`);
    tarballs[manifestOf(path).name] = join(folder, made);
  }
  return tarballs;
}

function manifestOf(path) {
  return JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
}

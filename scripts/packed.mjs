import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pnpm } from "./dependencies.mjs";

/** Packs packages as they would be published. Tells each one's tarball by its name. */
export async function packInto(folder, packages) {
  const tarballs = {};
  for (const path of packages) {
    const known = new Set(readdirSync(folder));
    const code = await pnpm(["--silent", "--dir", path, "pack", "--pack-destination", folder]);
    const made = readdirSync(folder).find((name) => name.endsWith(".tgz") && !known.has(name));
    if (code !== 0 || !made) throw new Error(`${path} could not be packed`);
    tarballs[manifestOf(path).name] = join(folder, made);
  }
  return tarballs;
}

function manifestOf(path) {
  return JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
}

import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder this repository is in. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The folders of the published packages, those that others depend on first. */
export function packageFolders() {
  const names = readdirSync(join(root, "packages")).filter((name) =>
    existsSync(join(root, "packages", name, "package.json")),
  );
  return ["core", ...names.filter((name) => name !== "core")].map((name) => join(root, "packages", name));
}

/** Every package.json of the workspace. */
export function manifests() {
  const folders = ["packages", "examples", "tools"].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(root, parent, name)),
  );
  return [root, join(root, "bench"), join(root, "faults"), ...folders]
    .map((folder) => join(folder, "package.json"))
    .filter((file) => existsSync(file));
}

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** This repository's root folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Returns the published packages in stages. Each package is `{ folder, needs }`. `needs` has the folders of its dependencies
 * in this workspace, all from earlier stages.
 */
export function packageStages() {
  const stages = [];
  const placed = new Map();
  let left = publishedPackages();
  while (left.length > 0) {
    const ready = left.filter(({ dependencies }) => dependencies.every((name) => placed.has(name)));
    if (ready.length === 0) throw new Error(`packages depend on each other: ${left.map(({ name }) => name)}`);
    stages.push(
      ready.map(({ folder, dependencies }) => ({
        folder,
        needs: dependencies.map((name) => placed.get(name)),
      })),
    );
    for (const { name, folder } of ready) placed.set(name, folder);
    left = left.filter(({ name }) => !placed.has(name));
  }
  return stages;
}

/** Returns the folders of the published packages, in an order in which dependencies come first. */
export function packageFolders() {
  return packageStages().flatMap((stage) => stage.map(({ folder }) => folder));
}

/** Returns the folders of the published packages that the package in `folder` depends on, directly or indirectly. */
export function packagesNeededBy(folder) {
  const { dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const direct = publishedPackages().filter(({ name }) => name in dependencies);
  const needed = new Set(direct.map((each) => each.folder));
  for (const { folder: each, needs } of packageStages().flat().reverse())
    if (needed.has(each)) for (const need of needs) needed.add(need);
  return needed;
}

function publishedPackages() {
  const packages = readdirSync(join(root, "packages"))
    .map((name) => join(root, "packages", name))
    .filter((folder) => existsSync(join(folder, "package.json")))
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) }));
  const names = new Set(packages.map(({ manifest }) => manifest.name));
  return packages.map(({ folder, manifest }) => {
    const all = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    return { folder, name: manifest.name, dependencies: all.filter((name) => names.has(name)) };
  });
}

/** Returns the path of every package.json of the workspace. */
export function manifests() {
  const folders = ["packages", "examples", "tools"].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(root, parent, name)),
  );
  return [root, join(root, "bench"), join(root, "faults"), ...folders]
    .map((folder) => join(folder, "package.json"))
    .filter((file) => existsSync(file));
}

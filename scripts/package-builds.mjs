import { basename, join } from "node:path";
import { runQuietly } from "./child.mjs";
import { digestOf, unlessDone } from "./stamp.mjs";
import { packageFolders, packageStages, root } from "./workspace.mjs";

const shared = ["tsup.base.ts", "tsconfig.base.json", "pnpm-lock.yaml"].map((name) => join(root, name));

/**
 * Builds the packages whose sources, or whose dependencies' sources, have changed since the last build. `wanted` are the
 * folders of the packages to build. `types: false` omits the types, which take most of the time. A program runs without
 * types.
 */
export async function ensurePackagesBuilt({ wanted = new Set(packageFolders()), types = true } = {}) {
  const sources = new Map();
  for (const stage of packageStages()) {
    for (const { folder, needs } of stage) {
      const theirs = needs.flatMap((need) => sources.get(need));
      sources.set(folder, [...new Set([...theirs, ...sourcesOf(folder)])]);
    }
    // two at a time, because generating types uses a whole processor
    const builds = stage.map(({ folder }) => folder).filter((folder) => wanted.has(folder));
    for (let i = 0; i < builds.length; i += 2) {
      await Promise.all(
        builds.slice(i, i + 2).map((folder) => ensureBuilt(folder, sources.get(folder), types)),
      );
    }
  }
}

function sourcesOf(folder) {
  return ["src", "package.json", "tsup.config.ts", "tsconfig.json"].map((name) => join(folder, name));
}

function ensureBuilt(folder, sources, types) {
  return unlessDone({
    stamp: join(root, ".stamps", basename(folder)),
    digest: digestOf([...sources, ...shared]),
    // a build without types has no such file, so a later build with types is not skipped
    result: join(folder, "dist", types ? "index.d.cts" : "index.cjs"),
    work: () => build(folder, types ? [] : ["--no-dts"]),
  });
}

async function build(folder, options) {
  console.error(`building ${basename(folder)}`);
  const tsup = join(root, "node_modules", "tsup", "dist", "cli-default.js");
  const { code, output } = await runQuietly(process.execPath, [tsup, ...options], { cwd: folder });
  if (code !== 0) throw new Error(`could not build ${basename(folder)}:\n${output}`);
}

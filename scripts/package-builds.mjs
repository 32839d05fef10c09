import { basename, join } from "node:path";
import { runQuietly } from "./child.mjs";
import { digestOf, unlessDone } from "./stamp.mjs";
import { packageFolders, root } from "./workspace.mjs";

const shared = ["tsup.base.ts", "tsconfig.base.json", "pnpm-lock.yaml"].map((name) => join(root, name));

/** Builds the packages whose sources changed since they were built. The others are built against core's types. */
export async function ensurePackagesBuilt() {
  const [core, ...others] = packageFolders();
  await ensureBuilt(core, []);
  // two at a time: types take a processor each
  for (let i = 0; i < others.length; i += 2) {
    await Promise.all(others.slice(i, i + 2).map((folder) => ensureBuilt(folder, sourcesOf(core))));
  }
}

function sourcesOf(folder) {
  return ["src", "package.json", "tsup.config.ts", "tsconfig.json"].map((name) => join(folder, name));
}

function ensureBuilt(folder, dependsOn) {
  return unlessDone({
    stamp: join(root, ".stamps", basename(folder)),
    digest: digestOf([...sourcesOf(folder), ...dependsOn, ...shared]),
    result: join(folder, "dist", "index.d.cts"),
    work: () => build(folder),
  });
}

async function build(folder) {
  console.error(`building ${basename(folder)}`);
  const tsup = join(root, "node_modules", "tsup", "dist", "cli-default.js");
  const { code, output } = await runQuietly(process.execPath, [tsup], { cwd: folder });
  if (code !== 0) throw new Error(`${basename(folder)} could not be built:\n${output}`);
}

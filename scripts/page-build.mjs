import { join } from "node:path";
import { runQuietly } from "./child.mjs";
import { digestOf, unlessDone } from "./stamp.mjs";
import { root } from "./workspace.mjs";

const dashboard = join(root, "examples", "dashboard");

/** Builds the example's page if the sources of the page or of core have changed. Core must be built before. */
export async function ensurePageBuilt() {
  const sources = ["web", "vite.config.ts", "package.json"].map((name) => join(dashboard, name));
  const core = join(root, "packages", "core", "src");
  await unlessDone({
    stamp: join(root, ".stamps", "page"),
    digest: digestOf([...sources, core, join(root, "pnpm-lock.yaml")]),
    result: join(dashboard, "dist", "page", "index.html"),
    work: build,
  });
}

async function build() {
  console.error("building the page");
  const vite = join(dashboard, "node_modules", "vite", "bin", "vite.js");
  const { code, output } = await runQuietly(process.execPath, [vite, "build"], { cwd: dashboard });
  if (code !== 0) throw new Error(`could not build the page:\n${output}`);
}

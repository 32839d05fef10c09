import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./child.mjs";
import { digestOf, unlessDone } from "./stamp.mjs";
import { manifests, root } from "./workspace.mjs";

/** Installs what the lockfile names, where that is not what is installed. A machine needs Node and npm, no pnpm. */
export async function ensureDependencies() {
  await unlessDone({
    stamp: join(root, "node_modules", ".evt-installed"),
    digest: digestOf([join(root, "pnpm-lock.yaml"), join(root, "pnpm-workspace.yaml"), ...manifests()]),
    result: join(root, "node_modules", ".modules.yaml"),
    work: install,
  });
}

async function install() {
  console.error("installing dependencies");
  const code = await pnpm(["install", "--frozen-lockfile", "--reporter=append-only", "--loglevel=warn"]);
  if (code !== 0) throw new Error("the dependencies could not be installed: see above");
}

/** Runs pnpm at the version of package.json; what it says goes to standard error, for standard output is the command's. */
export function pnpm(args) {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return run("npx", ["--yes", packageManager, ...args], {
    stdio: ["ignore", 2, "inherit"],
    // pnpm asks questions unless it is told that nobody is there to answer
    env: { ...process.env, CI: "true" },
  });
}

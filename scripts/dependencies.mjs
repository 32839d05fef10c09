import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./child.mjs";
import { digestOf, unlessDone } from "./stamp.mjs";
import { manifests, root } from "./workspace.mjs";

/** What to give npx for the pnpm of package.json. */
export const pnpm = ["--yes", JSON.parse(readFileSync(join(root, "package.json"), "utf8")).packageManager];

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
  // what pnpm says goes to standard error: standard output is the command's
  const code = await run(
    "npx",
    [...pnpm, "install", "--frozen-lockfile", "--reporter=append-only", "--loglevel=warn"],
    {
      stdio: ["ignore", 2, "inherit"],
      // pnpm asks questions unless it is told that nobody is there to answer
      env: { ...process.env, CI: "true" },
    },
  );
  if (code !== 0) throw new Error("the dependencies could not be installed: see above");
}

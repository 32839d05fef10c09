import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./child.mjs";
import { digestOf, unlessDone } from "./stamp.mjs";
import { manifests, root } from "./workspace.mjs";

/** The npx arguments that run the pnpm version of package.json. */
export const pnpm = ["--yes", JSON.parse(readFileSync(join(root, "package.json"), "utf8")).packageManager];

/** Installs the dependencies if the lockfile or a manifest has changed. A machine needs Node and npm, but not pnpm. */
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
  // pnpm's standard output goes to standard error, because standard output is for the command that needs the dependencies
  const code = await run(
    "npx",
    [...pnpm, "install", "--frozen-lockfile", "--reporter=append-only", "--loglevel=warn"],
    {
      stdio: ["ignore", 2, "inherit"],
      // without this, pnpm may ask questions
      env: { ...process.env, CI: "true" },
    },
  );
  if (code !== 0) throw new Error("could not install the dependencies: see above");
}

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { endWhenNpmIsGone } from "./npm-gone.mjs";
import { root } from "./workspace.mjs";

/**
 * Runs a TypeScript program in this process, as `node` would run JavaScript. So the program itself gets the signals and the
 * standard streams, and sets the exit code. If it is killed, no other process is left.
 */
export async function runTypeScript(path) {
  // unlike tsconfig.json, this file maps no paths to sources: a program uses the built packages, as users do
  process.env.TSX_TSCONFIG_PATH = join(root, "tsconfig.base.json");
  const { register } = await import("tsx/esm/api");
  register();
  const program = join(root, path);
  process.argv[1] = program;
  process.chdir(root);
  endWhenNpmIsGone();
  await import(pathToFileURL(program).href);
}

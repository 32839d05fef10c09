import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { endWhenNpmIsGone } from "./npm-gone.mjs";
import { root } from "./workspace.mjs";

/**
 * Runs a TypeScript program in this very process, as if `node` had been given it: signals, exit code and standard
 * streams are the program's own, and nothing is left running when it is killed.
 */
export async function runTypeScript(path) {
  // tsconfig.json finds the packages as sources; a program runs on what is built, as it would outside this workspace
  process.env.TSX_TSCONFIG_PATH = join(root, "tsconfig.base.json");
  const { register } = await import("tsx/esm/api");
  register();
  const program = join(root, path);
  process.argv[1] = program;
  process.chdir(root);
  endWhenNpmIsGone();
  await import(pathToFileURL(program).href);
}

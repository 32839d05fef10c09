import { runQuietly } from "./child.mjs";

/** Returns a check that runs a Node program. If the program fails, the check returns the program's output. */
export function tool(program, args, options) {
  return async () => {
    const { code, output } = await runQuietly(process.execPath, [program, ...args], options);
    return code === 0 ? "" : output.trim() || `exit code ${code} without output`;
  };
}

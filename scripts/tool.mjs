import { runQuietly } from "./child.mjs";

/** A check that runs a Node program: what it said, where it failed. */
export function tool(program, args, options) {
  return async () => {
    const { code, output } = await runQuietly(process.execPath, [program, ...args], options);
    return code === 0 ? "" : output.trim() || `it ended with ${code} and said nothing`;
  };
}

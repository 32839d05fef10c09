import type { Options } from "tsup";

/** ESM and CommonJS with types for each, and nothing bundled that is not ours. */
export function libraryBuild(entry: string[] | Record<string, string>): Options {
  return {
    entry,
    format: ["esm", "cjs"],
    target: "es2022",
    platform: "node",
    clean: true,
    sourcemap: true,
    // CommonJS shares chunks, too: one copy of each class and of what modules hold, whichever entry is loaded
    splitting: true,
    treeshake: true,
    // tsup hands TypeScript a `baseUrl`, which TypeScript 6 calls deprecated
    dts: { compilerOptions: { ignoreDeprecations: "6.0" } },
  };
}

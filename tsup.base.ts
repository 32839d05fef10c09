import type { Options } from "tsup";

/** ESM and CommonJS with types for each, and nothing bundled that is not ours. */
export function libraryBuild(entry: string[]): Options {
  return {
    entry,
    format: ["esm", "cjs"],
    target: "es2022",
    platform: "node",
    clean: true,
    sourcemap: false,
    treeshake: true,
    // tsup hands TypeScript a `baseUrl`, which TypeScript 6 calls deprecated
    dts: { compilerOptions: { ignoreDeprecations: "6.0" } },
  };
}

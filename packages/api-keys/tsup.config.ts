import { defineConfig } from "tsup";
import { libraryBuild } from "../../tsup.base.js";

export default defineConfig(
  libraryBuild({ index: "src/index.ts", postgres: "src/postgres/index.ts", bin: "src/cli/bin.ts" }),
);

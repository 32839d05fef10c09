import { defineConfig } from "tsup";
import { libraryBuild } from "../../tsup.base.js";

export default defineConfig(
  libraryBuild({
    index: "src/index.ts",
    adapter: "src/entry/adapter.ts",
    browser: "src/entry/browser.ts",
    json: "src/json.ts",
    luxon: "src/luxon.ts",
    recipes: "src/recipes/index.ts",
    store: "src/entry/store.ts",
    testing: "src/entry/testing.ts",
  }),
);

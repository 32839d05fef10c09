import { ensurePackagesBuilt } from "./package-builds.mjs";
import { ensurePageBuilt } from "./page-build.mjs";
import { setUp } from "./set-up.mjs";

await setUp(ensurePackagesBuilt, ensurePageBuilt);
console.log("built: packages/*/dist, examples/dashboard/dist");

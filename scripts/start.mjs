import { ensurePackagesBuilt } from "./package-builds.mjs";
import { ensurePageBuilt } from "./page-build.mjs";
import { setUp } from "./set-up.mjs";
import { runTypeScript } from "./typescript-program.mjs";

await setUp(ensurePackagesBuilt, ensurePageBuilt);
await runTypeScript("examples/dashboard/server/main.ts");

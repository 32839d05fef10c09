import { ensurePackagesBuilt } from "./package-builds.mjs";
import { setUp } from "./set-up.mjs";
import { runTypeScript } from "./typescript-program.mjs";

await setUp(ensurePackagesBuilt);
await runTypeScript("bench/src/main.ts");

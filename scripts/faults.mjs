import { ensurePackagesBuilt } from "./package-builds.mjs";
import { setUp } from "./set-up.mjs";
import { runTypeScript } from "./typescript-program.mjs";

await setUp(ensurePackagesBuilt);
await runTypeScript("faults/src/main.ts");

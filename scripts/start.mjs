import { join } from "node:path";
import { ensurePackagesBuilt } from "./package-builds.mjs";
import { ensurePageBuilt } from "./page-build.mjs";
import { setUp } from "./set-up.mjs";
import { runTypeScript } from "./typescript-program.mjs";
import { packagesNeededBy, root } from "./workspace.mjs";

// a newcomer waits for this: packages that the example does not need are not built
const needed = packagesNeededBy(join(root, "examples", "dashboard"));
await setUp(() => ensurePackagesBuilt(needed), ensurePageBuilt);
await runTypeScript("examples/dashboard/server/main.ts");

import { join } from "node:path";
import { ensurePackagesBuilt } from "./package-builds.mjs";
import { ensurePageBuilt } from "./page-build.mjs";
import { setUp } from "./set-up.mjs";
import { runTypeScript } from "./typescript-program.mjs";
import { packagesNeededBy, root } from "./workspace.mjs";

// builds only the packages that the example needs, because a newcomer waits for this
const needed = packagesNeededBy(join(root, "examples", "dashboard"));
await setUp(() => ensurePackagesBuilt(needed), ensurePageBuilt);
await runTypeScript("examples/dashboard/server/main.ts");

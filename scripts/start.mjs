import { join } from "node:path";
import { ensurePackagesBuilt } from "./package-builds.mjs";
import { ensurePageBuilt } from "./page-build.mjs";
import { setUp } from "./set-up.mjs";
import { runTypeScript } from "./typescript-program.mjs";
import { packagesNeededBy, root } from "./workspace.mjs";

// builds only what the example needs to run, because a newcomer waits for this
const wanted = packagesNeededBy(join(root, "examples", "dashboard"));
await setUp(() => ensurePackagesBuilt({ wanted, types: false }), ensurePageBuilt);
await runTypeScript("examples/dashboard/server/main.ts");

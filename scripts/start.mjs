import { join } from "node:path";
import { ensurePackagesBuilt } from "./package-builds.mjs";
import { ensurePageBuilt } from "./page-build.mjs";
import { setUp } from "./set-up.mjs";
import { runTypeScript } from "./typescript-program.mjs";
import { packagesNeededBy, root } from "./workspace.mjs";

// builds only the packages that the example needs, and without types, because a newcomer waits for the first start
const wanted = packagesNeededBy(join(root, "examples", "dashboard"));
await setUp(() => ensurePackagesBuilt({ wanted, types: false }), ensurePageBuilt);
await runTypeScript("examples/dashboard/server/main.ts");

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensurePackagesBuilt } from "./package-builds.mjs";
import { packInto } from "./packed.mjs";
import { setUp } from "./set-up.mjs";
import { packageFolders, root } from "./workspace.mjs";

// packs the packages as they would be published, for projects that use them before they are published
await setUp(ensurePackagesBuilt);
const folder = join(root, "tarballs");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
const tarballs = await packInto(folder, packageFolders());
// absolute paths work in any folder; npm would read the relative path `tarballs/x.tgz` as a GitHub repository
const paths = Object.values(tarballs).map((tarball) => `  "${tarball}"`);
console.log(["npm install", ...paths].join(" \\\n"));

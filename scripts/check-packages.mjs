import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runQuietly } from "./child.mjs";
import { Consumer } from "./consumer.mjs";
import { ensurePackagesBuilt } from "./package-builds.mjs";
import { packInto } from "./packed.mjs";
import { setUp } from "./set-up.mjs";
import { closeWith, tally } from "./tally.mjs";
import { tool } from "./tool.mjs";
import { withPostgres } from "./with-postgres.mjs";
import { packageFolders, root } from "./workspace.mjs";

await setUp(ensurePackagesBuilt);
// imported after the set-up, because dependencies may be missing before
const { apiChecks } = await import("./api-reports.mjs");
const folder = mkdtempSync(join(tmpdir(), "evt-packed-"));
try {
  const tarballs = await packInto(folder, packageFolders());
  const consumer = new Consumer(join(folder, "consumer"), tarballs);
  const published = { ...publishable(tarballs), ...complete(tarballs), ...apiChecks() };
  const consumed = (url) => ({ ...consumer.checks(), ...consumer.checksOnPostgres(url) });
  closeWith(await withPostgres((url) => tally(published, consumed(url))));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function publishable(tarballs) {
  const publint = join(root, "node_modules", "publint", "src", "cli.js");
  const attw = join(root, "node_modules", "@arethetypeswrong", "cli", "dist", "index.js");
  return Object.fromEntries(
    Object.entries(tarballs).flatMap(([name, tarball]) => [
      [`publint: ${name}`, tool(publint, ["--strict", tarball])],
      // this profile leaves out Node 10, which ignores "exports" and so cannot resolve the subpaths
      [`attw: ${name}`, tool(attw, [tarball, "--profile", "node16", "--no-emoji", "--no-color"])],
    ]),
  );
}

function complete(tarballs) {
  const needed = ["LICENSE", "README.md", "dist/index.js.map", "dist/index.cjs.map"];
  return Object.fromEntries(
    Object.entries(tarballs).map(([name, tarball]) => [
      `tarball: ${name} has its licence, README and source maps`,
      async () => {
        const { output } = await runQuietly("tar", ["-tf", tarball]);
        const files = new Set(output.split("\n"));
        const missing = needed.filter((file) => !files.has(`package/${file}`));
        return missing.length === 0 ? "" : `it lacks ${missing.join(", ")}`;
      },
    ]),
  );
}

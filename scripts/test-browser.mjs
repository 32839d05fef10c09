import { existsSync } from "node:fs";
import { missingFrom } from "./expected-tests.mjs";
import { ensurePackagesBuilt } from "./package-builds.mjs";
import { ensurePageBuilt } from "./page-build.mjs";
import { setUp } from "./set-up.mjs";
import { closeWith } from "./tally.mjs";
import { runVitest } from "./vitest-run.mjs";

const usual = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const browser = process.env.EVT_CHROMIUM ?? usual.find((path) => existsSync(path));

if (!browser) {
  console.log(
    "browser tests: not run, because Chromium was not found; install it, or set EVT_CHROMIUM to its path",
  );
  closeWith({ passed: 0, failed: 1 });
} else {
  await setUp(ensurePackagesBuilt, ensurePageBuilt);
  // the tests read the path from here
  process.env.EVT_CHROMIUM = browser;
  const args = process.argv.slice(2);
  const { ran, passed, failed, skipped } = await runVitest(["browser"], args);
  const missing = args.length > 0 ? [] : missingFrom(ran, ["browser"]);
  console.log(`browser tests: ${ran.browser} ran, in ${browser}`);
  for (const line of missing) console.log(line);
  closeWith({ passed, failed: failed + missing.length, skipped });
}

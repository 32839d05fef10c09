import { existsSync } from "node:fs";
import { ensurePackagesBuilt } from "./package-builds.mjs";
import { ensurePageBuilt } from "./page-build.mjs";
import { runTests } from "./run-tests.mjs";
import { setUp } from "./set-up.mjs";
import { closeWith } from "./tally.mjs";

const usual = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const browser = process.env.EVT_CHROMIUM ?? usual.find((path) => existsSync(path));

if (!browser) {
  console.log(
    "✗ browser tests: not run, because Chromium was not found; install it, or set EVT_CHROMIUM to its path",
  );
  closeWith({ passed: 0, failed: 1 });
} else {
  await setUp(ensurePackagesBuilt, ensurePageBuilt);
  // the tests read the path from this variable
  process.env.EVT_CHROMIUM = browser;
  await runTests(["browser"], { browser: `, in ${browser}` }, process.argv.slice(2));
}

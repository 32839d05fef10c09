import { missingFrom } from "./expected-tests.mjs";
import { setUp } from "./set-up.mjs";
import { closeWith } from "./tally.mjs";
import { runVitest } from "./vitest-run.mjs";

const projects = ["unit", "pg"];
const args = process.argv.slice(2);

await setUp();
const { ran, passed, failed, skipped } = await runVitest(projects, args);
// with arguments, only a part of the tests runs
const missing = args.length > 0 ? [] : missingFrom(ran, projects);
const server = process.env.EVT_TEST_DATABASE_URL
  ? "the server of EVT_TEST_DATABASE_URL"
  : "a local Postgres 18";

console.log(`unit tests: ${ran.unit} ran`);
console.log(`pg tests: ${ran.pg} ran, on ${server}`);
console.log("browser tests: not run here, see npm run test:browser");
for (const line of missing) console.log(line);
closeWith({ passed, failed: failed + missing.length, skipped });

import { runTests } from "./run-tests.mjs";
import { setUp } from "./set-up.mjs";

const server = process.env.EVT_TEST_DATABASE_URL
  ? "the server of EVT_TEST_DATABASE_URL"
  : "a local Postgres 18";

await setUp();
await runTests(["unit", "pg"], { pg: `, on ${server}` }, process.argv.slice(2));

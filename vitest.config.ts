import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { SlowestFirst } from "./test/setup/slowest-first.js";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// tests run on the sources: nothing has to be built first
const alias = [
  {
    find: /^@evt\/core\/(adapter|browser|store|testing)$/,
    replacement: source("packages/core/src/entry/$1.ts"),
  },
  { find: /^@evt\/core\/recipes$/, replacement: source("packages/core/src/recipes/index.ts") },
  { find: /^@evt\/core\/(json|luxon)$/, replacement: source("packages/core/src/$1.ts") },
  {
    find: /^@evt\/store-postgres\/internal$/,
    replacement: source("packages/store-postgres/src/internal.ts"),
  },
  {
    find: /^@evt\/api-keys\/postgres$/,
    replacement: source("packages/api-keys/src/postgres/index.ts"),
  },
  {
    find: /^@evt\/store-conformance\/vitest$/,
    replacement: source("packages/store-conformance/src/vitest.ts"),
  },
  {
    find: /^@evt\/(api-keys|core|rate-limits|store-memory|store-postgres|store-conformance|http|http-express|http-fastify|webhooks)$/,
    replacement: source("packages/$1/src/index.ts"),
  },
];

const folders = ["packages/*/test", "examples/*/test", "tools/*/test", "bench/test", "faults/test", "test"];
const testsNamed = (suffix: string) => folders.map((folder) => `${folder}/**/*.${suffix}.{ts,tsx}`);
const pg = testsNamed("pg.test");
const browser = testsNamed("browser.test");

// slow is not wrong: on a busy machine, a second, as by default, is not enough to wait for something
const patience = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 30_000 } },
};

// `isolate: false`: the files of a worker share loaded modules and no other state; loading them once saves much time

// the suffix of a test file tells what it needs: x.test.ts nothing, x.pg.test.ts a Postgres, x.browser.test.ts a browser
export default defineConfig({
  test: {
    // Vitest leaves one core idle by default; each worker has a database of its own, so two do not disturb each other
    maxWorkers: Math.max(2, availableParallelism()),
    sequence: { sequencer: SlowestFirst },
    teardownTimeout: 60_000,
    // the reporter names the tests that take longer
    slowTestThreshold: 2_000,
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          isolate: false,
          include: testsNamed("test"),
          exclude: ["**/node_modules/**", ...pg, ...browser],
          ...patience,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "pg",
          isolate: false,
          include: pg,
          env: { EVT_PROGRAMS_FROM: "sources" },
          globalSetup: [source("test/setup/postgres.ts")],
          ...patience,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "browser",
          include: browser,
          ...patience,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});

import { type AddressInfo, createServer } from "node:net";
import pg from "pg";
import { afterAll, afterEach, beforeEach, expect, it, vi } from "vitest";
import { readmeExamples, run } from "./readme-examples.js";
import { dropDatabase } from "./setup/drop-database.js";
import { postgresUrl } from "./setup/postgres-url.js";

const examples = ["README.md", "docs/guide.md"]
  .flatMap((document) => readmeExamples(document).map((example) => ({ document, ...example })))
  .filter(({ code }) => code.includes("DATABASE_URL"));
const database = `readme_${process.pid}`;
const administrator = new pg.Pool({ connectionString: postgresUrl(), max: 1 });

// an empty database for each example, as a reader has: the examples use the schema `evt`
beforeEach(async () => {
  await administrator.query(`create database ${database}`);
  const url = new URL(postgresUrl());
  url.pathname = `/${database}`;
  vi.stubEnv("DATABASE_URL", url.href);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await dropDatabase(administrator, database);
});

afterAll(() => administrator.end());

it.each(examples)(
  "$document prints under “$heading” what it says it prints, on Postgres",
  async (example) => {
    expect(example.prints.length).toBeGreaterThan(0);
    const code = example.code.replaceAll("3000", String(await freePort()));
    expect(await run({ ...example, code })).toEqual(example.prints);
  },
);

/** The port of the examples may be taken. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

import pg from "pg";
import { afterAll, beforeAll, expect, inject, it, vi } from "vitest";
import { readmeExamples, run } from "./readme-examples.js";

const examples = readmeExamples().filter(({ code }) => code.includes("DATABASE_URL"));
const database = `readme_${process.pid}`;
const administrator = new pg.Pool({ connectionString: inject("postgresUrl"), max: 1 });

// a database of its own: the examples use the schema `evt`, as a reader's would
beforeAll(async () => {
  await administrator.query(`create database ${database}`);
  const url = new URL(inject("postgresUrl"));
  url.pathname = `/${database}`;
  vi.stubEnv("DATABASE_URL", url.href);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  // a connection that is just being closed must not be told that it is terminated: nobody listens to it any more
  await vi.waitFor(async () => expect(await connections()).toBe(0), { timeout: 10_000 });
  await administrator.query(`drop database ${database} with (force)`);
  await administrator.end();
});

async function connections(): Promise<number> {
  const { rowCount } = await administrator.query("select from pg_stat_activity where datname = $1", [
    database,
  ]);
  return rowCount ?? 0;
}

it.each(examples)(
  "the README prints under “$heading” what it says it prints, on Postgres",
  async (example) => {
    expect(example.prints.length).toBeGreaterThan(0);
    expect(await run(example)).toEqual(example.prints);
  },
);

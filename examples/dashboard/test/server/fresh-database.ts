import { randomBytes } from "node:crypto";
import pg from "pg";
import { onTestFinished } from "vitest";

/**
 * Creates a database on the server, and drops it when the test ends. Create it before its users, because clean-ups run
 * in reverse order.
 */
export async function freshDatabase(postgresUrl: string): Promise<string> {
  const name = `example_${randomBytes(6).toString("hex")}`;
  await run(postgresUrl, `create database ${name}`);
  onTestFinished(() => run(postgresUrl, `drop database ${name} with (force)`));
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function run(postgresUrl: string, statement: string): Promise<void> {
  const client = new pg.Client(postgresUrl);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

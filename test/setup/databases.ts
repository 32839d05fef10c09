import { randomBytes } from "node:crypto";
import pg from "pg";

export interface Databases {
  readonly urls: readonly string[];
  drop(): Promise<void>;
}

/** Creates `count` empty databases on the server, so that parallel test files never share one. */
export async function createDatabases(url: string, count: number): Promise<Databases> {
  const prefix = `evt_test_${randomBytes(4).toString("hex")}`;
  const names = Array.from({ length: count }, (_, i) => `${prefix}_${i + 1}`);
  await each(url, names, (name) => `create database ${name}`);
  return {
    urls: names.map((name) => Object.assign(new URL(url), { pathname: `/${name}` }).href),
    drop: () => each(url, names, (name) => `drop database ${name} with (force)`),
  };
}

async function each(
  url: string,
  names: readonly string[],
  statement: (name: string) => string,
): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    for (const name of names) await client.query(statement(name));
  } finally {
    await client.end();
  }
}

import { startLocalPostgres } from "@evt/local-postgres";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** A superuser's connection string to a real Postgres. Tests make databases or schemas of their own in it. */
    postgresUrl: string;
  }
}

/** One Postgres for the whole run, or the one `EVT_TEST_DATABASE_URL` names. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.EVT_TEST_DATABASE_URL;
  if (given) {
    project.provide("postgresUrl", given);
    return async () => {};
  }
  const postgres = await startLocalPostgres({ settings: { max_connections: "300" } });
  project.provide("postgresUrl", postgres.url);
  return () => postgres.stop();
}

import { startLocalPostgres } from "@evt/local-postgres";
import type {} from "vitest";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** A superuser's connection string to a real Postgres. Tests make databases or schemas of their own in it. */
    postgresUrl: string;
  }
}

// nothing may lean on a server's defaults: this one compares text by a language's rules and has habits of its own with time.
// What is tested is lost with the server, so nothing has to reach the disk
const settings = { max_connections: "300", TimeZone: "Asia/Kathmandu", DateStyle: "SQL, DMY", fsync: "off" };

/** One Postgres for the whole run, or the one `EVT_TEST_DATABASE_URL` names. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.EVT_TEST_DATABASE_URL;
  if (given) {
    project.provide("postgresUrl", given);
    return async () => {};
  }
  const postgres = await startLocalPostgres({ settings, collation: "en-US" });
  project.provide("postgresUrl", postgres.url);
  return () => postgres.stop();
}

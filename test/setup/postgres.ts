import { startLocalPostgres } from "@evt/local-postgres";
import type {} from "vitest";
import type { TestProject } from "vitest/node";
import { createDatabases } from "./databases.js";

declare module "vitest" {
  interface ProvidedContext {
    /** One database for each worker, as connection strings of a superuser: see `postgresUrl`. */
    postgresUrls: readonly string[];
  }
}

const settings = {
  max_connections: "300",
  // tests must not depend on a server's defaults, so this server has an unusual time zone, date style and collation
  TimeZone: "Asia/Kathmandu",
  DateStyle: "SQL, DMY",
  // the data is deleted with the server; tests of durability start their own servers
  fsync: "off",
  full_page_writes: "off",
};

/** Starts one Postgres for the whole run, or uses the one that `EVT_TEST_DATABASE_URL` names. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.EVT_TEST_DATABASE_URL;
  const postgres = given ? undefined : await startLocalPostgres({ settings, collation: "en-US" });
  const databases = await createDatabases(given ?? postgres?.url ?? "", project.vitest.config.maxWorkers);
  project.provide("postgresUrls", databases.urls);
  return postgres ? () => postgres.stop() : databases.drop;
}

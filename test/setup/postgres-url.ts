import { inject } from "vitest";

/**
 * Returns a superuser's connection string to this worker's own database on a real Postgres. Parallel test files share
 * the server but not a database, so they never wait for each other's transactions. Each file creates its own schemas
 * in the database.
 */
export function postgresUrl(): string {
  const urls = inject("postgresUrls");
  // from 1 to the number of workers
  const url = urls[Number(process.env.VITEST_POOL_ID) - 1];
  if (url === undefined)
    throw new Error(`worker ${process.env.VITEST_POOL_ID} of ${urls.length} has no database`);
  return url;
}

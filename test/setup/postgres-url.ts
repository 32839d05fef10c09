import { inject } from "vitest";

/**
 * Returns a superuser's connection string to this worker's own database on a real Postgres. Test files that run in
 * parallel share the server but no database: they never wait for each other's transactions. A file creates its own
 * schemas in it.
 */
export function postgresUrl(): string {
  const urls = inject("postgresUrls");
  // from 1 to the number of workers
  const url = urls[Number(process.env.VITEST_POOL_ID) - 1];
  if (url === undefined)
    throw new Error(`worker ${process.env.VITEST_POOL_ID} of ${urls.length} has no database`);
  return url;
}

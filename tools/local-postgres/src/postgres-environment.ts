/**
 * Returns the environment for Postgres programs, without `PG…` variables and the locale, which would change their
 * behaviour.
 */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
}

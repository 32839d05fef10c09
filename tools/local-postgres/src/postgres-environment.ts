/** What Postgres' programs see: nothing of the host's `PG…` variables and locale, which would change what they do. */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
}

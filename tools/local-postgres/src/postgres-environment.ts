/** Returns the environment of the Postgres programs, without `PG…` variables and locale, which would change their behaviour. */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
}

import { describe, expect, test } from "vitest";
import { StartError, settingsFrom } from "../../server/settings.js";

describe("settingsFrom", () => {
  test("the defaults are an embedded Postgres on 127.0.0.1, port 3000", () => {
    expect(settingsFrom({}, [])).toEqual({
      host: "127.0.0.1",
      port: 3000,
      allowedHosts: [],
      store: { kind: "embedded", dataDir: ".data" },
      seed: false,
    });
  });

  test("a DATABASE_URL alone selects that database", () => {
    const url = "postgresql://localhost/mine";
    expect(settingsFrom({ DATABASE_URL: url }, []).store).toEqual({ kind: "postgres", url });
  });

  test("EVT_STORE takes precedence over DATABASE_URL", () => {
    const environment = { EVT_STORE: "memory", DATABASE_URL: "postgresql://localhost/mine" };
    expect(settingsFrom(environment, []).store).toEqual({ kind: "memory" });
  });

  test("ALLOWED_HOSTS has host names, separated by commas", () => {
    const { allowedHosts } = settingsFrom({ ALLOWED_HOSTS: "EVT.example, [::2] ," }, []);
    expect(allowedHosts).toEqual(["evt.example", "[::2]"]);
  });

  test("--seed fills the store with real data", () => {
    expect(settingsFrom({}, ["--seed"]).seed).toBe(true);
  });

  test.each([
    [{ EVT_STORE: "redis" }, [], 'EVT_STORE is "redis"; it must be embedded, memory or postgres'],
    [{ EVT_STORE: "postgres" }, [], "EVT_STORE is postgres; DATABASE_URL must name the database"],
    [{ PORT: "http" }, [], 'PORT is "http"; it must be a whole number from 0 to 65535'],
    [{ PORT: "65536" }, [], 'PORT is "65536"; it must be a whole number from 0 to 65535'],
    [{ PORT: "-1" }, [], 'PORT is "-1"; it must be a whole number from 0 to 65535'],
    [
      { ALLOWED_HOSTS: "a.example, https://b.example" },
      [],
      'ALLOWED_HOSTS has "https://b.example"; give names without protocol, port and path, separated by commas',
    ],
    [
      { ALLOWED_HOSTS: "a.example:80" },
      [],
      'ALLOWED_HOSTS has "a.example:80"; give names without protocol, port and path, separated by commas',
    ],
    [{}, ["--sed"], "unknown argument --sed; there is only --seed"],
  ])("%o with %o is refused by name", (environment, args, message) => {
    expect(() => settingsFrom(environment, args)).toThrow(new StartError(message));
  });
});

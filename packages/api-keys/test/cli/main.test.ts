import { expect, it } from "vitest";
import { runEvtKeys } from "../run-evt-keys.js";

it.each([
  ["", "give one command"],
  ["create list", "give one command"],
  ["delete", 'unknown command "delete"'],
  ["__proto__", 'unknown command "__proto__"'],
  ["create --tenant a", "create needs --scopes"],
  ["list", "list needs --tenant"],
  ["list --tenant a --scopes read", "list does not take --scopes"],
  ["rotate --tenant a", "rotate needs --id"],
  ["create --tenat a", "--tenat"],
  ["create --tenant", "--tenant"],
  ["list --tenant a", "set DATABASE_URL"],
])("evt-keys %s prints the mistake and the usage, and ends with 2", async (args, why) => {
  const { code, out, note } = await runEvtKeys(undefined, args);
  expect([code, out]).toEqual([2, ""]);
  expect(note).toContain(why);
  expect(note).toContain("usage: DATABASE_URL");
});

it.each([
  ["create --tenant a --scopes root", 'scopes has "root"'],
  ["create --tenant a --scopes read --expires tomorrow", "give an instant"],
])("evt-keys %s prints why a value is invalid, and ends with 2 without a connection", async (args, why) => {
  const { code, note } = await runEvtKeys("postgresql://u:p@127.0.0.1:1/d", args);
  expect([code, note]).toEqual([2, expect.stringContaining(why)]);
});

it("evt-keys --help prints the usage on stdout", async () => {
  const { code, out } = await runEvtKeys(undefined, "--help");
  expect([code, out]).toEqual([0, expect.stringContaining("evt-keys <command>")]);
});

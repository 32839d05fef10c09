import { describe, expect, it } from "vitest";
import { interfaceMembers, unionMembers } from "./declared-types.js";
import { readText } from "./markdown-files.js";

describe("a table in the README", () => {
  it.each([
    ["api-keys", "ApiKeysOptions"],
    ["api-keys", "CreateKeyOptions"],
    ["core", "EvtOptions"],
    ["http-express", "EventRouterOptions"],
    ["http-express", "RequestLimits"],
    ["rate-limits", "RateLimitsOptions"],
    ["store-postgres", "PostgresStoreOptions"],
    ["webhooks", "WebhooksOptions"],
  ])("of %s contains every member of %s, and no others", (name, type) => {
    const members = interfaceMembers(type);
    expect(closestTable(name, members)).toEqual([...members].sort());
  });

  it.each([
    ["migrate", "MigrateOptions"],
    ["maintain", "MaintainOptions"],
    ["maintainEvery", "MaintainEveryOptions"],
    ["retain", "RetainOptions"],
    ["recount", "RecountOptions"],
    ["forgetParked", "ForgetParkedOptions"],
    ["checkDurability", "SchemaOption"],
    ["createOutbox", "OutboxOptions"],
    ["relay", "RelayOptions"],
    ["relayEvery", "RelayEveryOptions"],
  ])("of store-postgres contains every option of %s, and no others", (name, type) => {
    expect(optionsOf("store-postgres", name)).toEqual([...interfaceMembers(type)].sort());
  });

  it("of core contains every error code, and no others", () => {
    const codes = unionMembers("EvtErrorCode");
    expect(closestTable("core", codes)).toEqual([...codes].sort());
  });
});

/**
 * A function's options, from the table that names the function in its second column. Rows that begin with "all" apply
 * to every function.
 */
function optionsOf(packageName: string, name: string): readonly string[] {
  const tables = tablesOf(packageName).filter((table) => /^\| option \| of \|/.test(table));
  const table = tables.find((text) => text.includes(`\`${name}\``)) ?? tables[0] ?? "";
  const rows = table.split("\n").map((row) => row.split(" | "));
  const its = rows.filter(([, of = ""]) => of.startsWith("all") || of.includes(`\`${name}\``));
  return its.flatMap(([cell = ""]) => namesIn(cell)).sort();
}

/** Returns the names in the first column of the README table that matches the members best. */
function closestTable(packageName: string, members: readonly string[]): readonly string[] {
  const named = tablesOf(packageName).map(firstColumn);
  const known = (names: readonly string[]) => names.filter((name) => members.includes(name)).length;
  return named.sort((a, b) => known(b) - known(a))[0] ?? [];
}

function tablesOf(packageName: string): readonly string[] {
  return readText(`packages/${packageName}/README.md`).match(/(?:^\|.*\n)+/gm) ?? [];
}

function firstColumn(table: string): readonly string[] {
  const [, , ...rows] = table.trim().split("\n");
  return rows.flatMap((row) => namesIn(/^\| (.*?) \|/.exec(row)?.[1] ?? "")).sort();
}

function namesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name);
}

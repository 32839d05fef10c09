import { describe, expect, it } from "vitest";
import { interfaceMembers, unionMembers } from "./declared-types.js";
import { readText } from "./markdown-files.js";

describe("a table in the README", () => {
  it.each([
    ["core", "EvtOptions"],
    ["http-express", "EventRouterOptions"],
    ["http-express", "RequestLimits"],
    ["store-postgres", "PostgresStoreOptions"],
    ["webhooks", "WebhooksOptions"],
  ])("of %s names every member of %s, and no other", (name, type) => {
    const members = interfaceMembers(type);
    expect(closestTable(name, members)).toEqual([...members].sort());
  });

  it("of core names every error code, and no other", () => {
    const codes = unionMembers("EvtErrorCode");
    expect(closestTable("core", codes)).toEqual([...codes].sort());
  });
});

/** Of the names in the first columns of the tables of a README, those of the table that fits best. */
function closestTable(packageName: string, members: readonly string[]): readonly string[] {
  const tables = readText(`packages/${packageName}/README.md`).match(/(?:^\|.*\n)+/gm) ?? [];
  const named = tables.map(firstColumn);
  const known = (names: readonly string[]) => names.filter((name) => members.includes(name)).length;
  return named.sort((a, b) => known(b) - known(a))[0] ?? [];
}

function firstColumn(table: string): readonly string[] {
  const [, , ...rows] = table.trim().split("\n");
  const cells = rows.map((row) => /^\| (.*?) \|/.exec(row)?.[1] ?? "");
  return cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name)).sort();
}

import { EvtError, type EvtErrorCode } from "@evt/core";
import { describe, expect, it } from "vitest";
import { packageSources, unionMembers } from "./declared-types.js";
import { markdownFiles, readText } from "./markdown-files.js";

const DOCUMENT = "docs/errors.md";
const document = readText(DOCUMENT);

const sourcesJoined = packageSources.map(({ text }) => text).join("\n");

const errorCodes = unionMembers("EvtErrorCode");
const problemCodes = unionMembers("ProblemCode");
const issueCodes = unionMembers("IssueCode");

describe("docs/errors.md", () => {
  it.each([
    ["Error codes", errorCodes],
    ["Problem codes", problemCodes],
    ["Issue codes", issueCodes],
  ])("has under “%s” one row for each member of the type, and no others", (heading, codes) => {
    expect(codes.length).toBeGreaterThan(10);
    expect(rowsUnder(heading).map(({ code }) => code)).toEqual(expect.arrayContaining([...codes]));
    expect(rowsUnder(heading)).toHaveLength(codes.length);
  });

  it("has a row for every code that the sources mention", () => {
    const mentioned = packageSources.flatMap(({ text }) => [...text.matchAll(/"(EVT_[A-Z0-9_]+)"/g)]);
    const known = new Set(rowsIn(document).map(({ code }) => code));
    expect(mentioned.map(([, code = ""]) => code).filter((code) => !known.has(code))).toEqual([]);
  });

  it("gives each row an anchor of its code, once", () => {
    const rows = rowsIn(document);
    expect(rows.map(({ anchor }) => anchor)).toEqual(rows.map(({ code }) => code.toLowerCase()));
    expect(new Set(rows.map(({ code }) => code)).size).toBe(rows.length);
  });

  it("contains the HTTP status of each error code", () => {
    const [table = ""] = /\{[^{}]*\} satisfies Record<EvtErrorCode, number>/.exec(sourcesJoined) ?? [];
    const statuses = [...table.matchAll(/(EVT_\w+): (\d+)/g)].map(([, code, status]) => [code, status]);
    expect(statuses).toHaveLength(errorCodes.length);
    const documented = rowsUnder("Error codes").map(({ code, cells }) => [code, cells[0]]);
    // an aborted request has no client that could get a response
    const aborted = (rows: unknown[][]) => rows.filter(([code]) => code !== "EVT_ABORTED");
    expect(Object.fromEntries(aborted(documented))).toEqual(Object.fromEntries(aborted(statuses)));
  });
});

it.each(errorCodes)("docs/errors.md states whether %s is retryable", (code) => {
  const { retryable } = new EvtError(code as EvtErrorCode, "it failed");
  const row = rowsUnder("Error codes").find((each) => each.code === code);
  expect(row?.cells[1]).toBe(retryable ? "yes" : "no");
});

describe("the docs of an EvtError", () => {
  it.each(errorCodes)("lead to the row of %s", (code) => {
    const [path = "", anchor] = new EvtError(code as EvtErrorCode, "it failed").docs.split("#");
    expect(markdownFiles).toContain(path);
    expect(rowsIn(readText(path)).find((row) => row.anchor === anchor)?.code).toBe(code);
  });
});

interface Row {
  readonly anchor: string;
  readonly code: string;
  readonly cells: readonly string[];
}

function rowsUnder(heading: string): readonly Row[] {
  const [, section = ""] = document.split(`\n## ${heading}\n`);
  return rowsIn(section.split(/\n## /)[0] ?? "");
}

function rowsIn(markdown: string): readonly Row[] {
  return [...markdown.matchAll(/^\| <a id="([^"]+)"><\/a>`(\w+)` \| (.*) \|$/gm)].map(
    ([, anchor = "", code = "", rest = ""]) => ({ anchor, code, cells: rest.split(" | ") }),
  );
}

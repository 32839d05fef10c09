import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import { existsInRepository, markdownFiles, readText, repositoryPaths } from "./markdown-files.js";
import { anchorsIn, linksIn, namesOne, pathsIn } from "./markdown-references.js";

describe("the links of the documents", () => {
  it.each(markdownFiles)("lead to files and anchors that exist: %s", (document) => {
    expect(deadLinks(document, readText(document))).toEqual([]);
  });

  it.each([
    ["[a](nowhere.md)", "nowhere.md"],
    ["[a](../README.md#nowhere)", "../README.md#nowhere"],
    ["[a](#nowhere)", "#nowhere"],
    ["![a](nowhere.png)", "nowhere.png"],
    ['<img src="nowhere.png">', "nowhere.png"],
  ])("are reported if their target does not exist: %s", (markdown, link) => {
    expect(deadLinks("docs/new.md", markdown)).toEqual([link]);
  });

  it("may lead to a heading, to a named anchor, to a folder and to other sites", () => {
    const markdown = [
      "# A `heading`, twice!",
      "## A `heading`, twice!",
      '<a id="named"></a>',
      "[1](#a-heading-twice) [2](#a-heading-twice-1) [3](#named) [4](../packages/core) [5](https://example.com)",
      "```\n[6](nowhere.md)\n```\n`[7](nowhere.md)`",
    ].join("\n");
    expect(deadLinks("docs/new.md", markdown)).toEqual([]);
  });
});

describe("the paths that documents name in backticks", () => {
  it.each(markdownFiles)("exist: %s", (document) => {
    expect(stalePaths(document, readText(document))).toEqual([]);
  });

  it.each([
    "core/src/nowhere.ts",
    "packages/core/src/nowhere/",
    "bench/src/*/nowhere.ts",
    "docs/nowhere.md",
    ".github/nowhere.yml",
  ])("are reported if they do not exist: %s", (path) => {
    expect(stalePaths("docs/new.md", `See \`${path}\`.`)).toEqual([path]);
  });

  it("may begin at the root, in packages or next to the document", () => {
    const markdown =
      "`docs/guarantees.md` `core/src/` `decisions/README.md` `bench/src/*/contest.ts` `.ci/run`";
    expect(pathsIn(markdown)).toHaveLength(5);
    expect(stalePaths("docs/new.md", markdown)).toEqual([]);
  });

  it("are not routes, types, formats or bare names", () => {
    const spans = ["/events/:id", "application/json", "dd/MM/yyyy", "x.test.ts", "@evt/core/json"];
    expect(pathsIn(spans.map((span) => `\`${span}\``).join(" "))).toEqual([]);
  });
});

function deadLinks(document: string, markdown: string): readonly string[] {
  return linksIn(markdown).filter((link) => !/^[a-z]+:/.test(link) && isDead(link, document, markdown));
}

function isDead(link: string, document: string, markdown: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = posix.normalize(posix.join(posix.dirname(document), path));
  if (path !== "" && !existsInRepository(target)) return true;
  if (anchor === undefined) return false;
  return !anchorsIn(path === "" ? markdown : readText(documentAt(target))).has(anchor);
}

/** A link to a folder shows its README. */
function documentAt(target: string): string {
  return target.endsWith(".md") ? target : posix.join(target, "README.md");
}

function stalePaths(document: string, markdown: string): readonly string[] {
  return pathsIn(markdown).filter((path) => !namesOne(path, document, repositoryPaths));
}

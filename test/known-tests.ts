import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("..", import.meta.url));

const testFolders = [
  ...["packages", "examples", "tools"].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}/test`),
  ),
  "bench/test",
  "faults/test",
  "test",
].filter((folder) => existsSync(join(root, folder)));

/** The files that a test run loads: the test files and their relative imports. */
export const loadedByTests: ReadonlySet<string> = reachableFrom(testFolders.flatMap(testFilesIn));

/** Returns the titles of the tests in a file, as written in the source, without skipped tests. */
export function testTitlesIn(path: string): readonly string[] {
  return titlesInSource(readFileSync(join(root, path), "utf8"));
}

export function titlesInSource(source: string): readonly string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && definesTest(node.expression)) {
      const [title] = node.arguments;
      if (title !== undefined && ts.isStringLiteralLike(title)) titles.push(title.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("source.ts", source, ts.ScriptTarget.Latest, true));
  return titles;
}

function definesTest(called: ts.Expression): boolean {
  return /^(it|test|describe)\b(?!\.(skip|todo|fails)\b)/.test(called.getText());
}

function testFilesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.test\.tsx?$/.test(name))
    .map((name) => `${folder}/${name}`);
}

function reachableFrom(files: readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const visit = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    const source = readFileSync(join(root, path), "utf8");
    for (const [, target = ""] of source.matchAll(/\b(?:from|import) "(\.[^"]+)\.js"/g)) {
      const imported = `${normalize(join(dirname(path), target))}.ts`;
      if (existsSync(join(root, imported))) visit(imported);
    }
  };
  files.forEach(visit);
  return reached;
}

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const packages = fileURLToPath(new URL("../packages", import.meta.url));
const names = readdirSync(packages).filter((name) => existsSync(resolve(packages, name, "src")));

/** For each node, the nodes that it imports. */
type Graph = ReadonlyMap<string, ReadonlySet<string>>;

describe("imports, including type imports, point one way", () => {
  it.each(names)("between the files of %s", (name) => {
    expect(circleIn(importsOf(resolve(packages, name, "src")))).toEqual([]);
  });

  // files directly in src are the lowest or the highest layer, so the check between files covers them
  it.each(names)("between the folders of %s", (name) => {
    expect(circleIn(byFolder(importsOf(resolve(packages, name, "src"))))).toEqual([]);
  });

  it("a cycle is found", () => {
    const graph = new Map([
      ["a", new Set(["b"])],
      ["b", new Set(["c", "d"])],
      ["c", new Set(["b"])],
      ["d", new Set<string>()],
    ]);
    expect(circleIn(graph)).toEqual(["b", "c", "b"]);
  });
});

function importsOf(src: string): Graph {
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) =>
    /\.tsx?$/.test(file),
  );
  return new Map(files.map((file) => [file, importedBy(file, src)]));
}

function importedBy(file: string, src: string): ReadonlySet<string> {
  const path = resolve(src, file);
  const specifiers = readFileSync(path, "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g);
  const imported = [...specifiers].map(([, specifier = ""]) =>
    relative(src, resolve(dirname(path), specifier.replace(/\.js$/, ".ts"))),
  );
  return new Set(imported);
}

function byFolder(files: Graph): Graph {
  const folders = new Map<string, Set<string>>();
  for (const [file, imported] of files) {
    const from = folderOf(file);
    for (const to of [...imported].map(folderOf)) {
      if (from === null || to === null || from === to) continue;
      folders.set(from, (folders.get(from) ?? new Set()).add(to));
    }
  }
  return folders;
}

function folderOf(file: string): string | null {
  const [folder = "", ...rest] = file.split(sep);
  return rest.length === 0 ? null : folder;
}

/** Returns the first cycle, or an empty array. */
function circleIn(graph: Graph): readonly string[] {
  const done = new Set<string>();
  const search = (node: string, path: readonly string[]): readonly string[] => {
    const at = path.indexOf(node);
    if (at >= 0) return [...path.slice(at), node];
    if (done.has(node)) return [];
    for (const next of graph.get(node) ?? []) {
      const circle = search(next, [...path, node]);
      if (circle.length > 0) return circle;
    }
    done.add(node);
    return [];
  };
  for (const node of graph.keys()) {
    const circle = search(node, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Generated folders. */
const MADE =
  /^(?:node_modules|dist|tarballs|coverage|\.git|\.stamps|\.data|\.pg|\.readme-examples|web-dist)$/;

/** Every file and folder of the repository, relative to its root. Folders end with a slash. */
export const repositoryPaths: readonly string[] = pathsIn("");

/** Every Markdown file that people read. */
export const markdownFiles: readonly string[] = repositoryPaths.filter((path) => path.endsWith(".md"));

export function readText(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** Returns true if a file or folder exists, even a generated one. */
export function existsInRepository(path: string): boolean {
  return existsSync(join(root, path));
}

function pathsIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (MADE.test(entry.name)) return [];
    const path = `${folder}${entry.name}`;
    return entry.isDirectory() ? [`${path}/`, ...pathsIn(`${path}/`)] : [path];
  });
}

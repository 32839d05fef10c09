import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { type Account, canEnter } from "./account.js";
import type { BinaryFolder } from "./binaries.js";
import { type Home, passwordOf } from "./home.js";
import { postgresEnvironment } from "./postgres-environment.js";

export interface ClusterRequest {
  readonly binaries: BinaryFolder;
  readonly account: Account | undefined;
  readonly collation: string | undefined;
  readonly notice: (line: string) => void;
}

/** Creates the data files unless they exist. Returns their folder's real path. */
export async function ensureCluster(home: Home, request: ClusterRequest): Promise<string> {
  if (existsSync(join(home.cluster, "PG_VERSION"))) return realpath(home.cluster);
  await dropDanglingLink(home, request.notice);
  if (canEnter(request.account, home.folder)) await makeInPlace(home, request);
  else await makeElsewhere(home, request);
  return realpath(home.cluster);
}

async function dropDanglingLink(home: Home, notice: (line: string) => void): Promise<void> {
  const found = await lstat(home.cluster).catch(() => undefined);
  if (!found) return;
  if (!found.isSymbolicLink())
    throw new Error(`${home.cluster} exists, but is not a Postgres data folder; move it away`);
  notice(`the target of ${home.cluster} is missing; starting with an empty one`);
  await rm(home.cluster);
}

// created under another name and then renamed, so that an incomplete cluster is never used
async function makeInPlace(home: Home, request: ClusterRequest): Promise<void> {
  const unfinished = `${home.cluster}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await initialize(unfinished, home, request);
  await rename(unfinished, home.cluster);
}

async function makeElsewhere(home: Home, request: ClusterRequest): Promise<void> {
  const shelf = "/var/lib/evt-local-postgres";
  await mkdir(shelf, { recursive: true });
  await chmod(shelf, 0o711);
  const place = await mkdtemp(join(shelf, "data-"));
  await chmod(place, 0o711);
  await initialize(join(place, "cluster"), home, request);
  await symlink(join(place, "cluster"), home.cluster);
  request.notice(
    `Postgres cannot run as root, and no other user can enter ${home.folder}; its data is in ${place}`,
  );
}

async function initialize(folder: string, home: Home, request: ClusterRequest): Promise<void> {
  const passwordFile = join(dirname(folder), "initdb-password");
  await mkdir(folder, { mode: 0o700 });
  await writeFile(passwordFile, await passwordOf(home), { mode: 0o600 });
  await give(folder, request.account);
  await give(passwordFile, request.account);
  try {
    await promisify(execFile)(
      join(request.binaries, "bin", "initdb"),
      initdbArguments(folder, passwordFile, home, request),
      {
        ...request.account,
        cwd: folder,
        env: postgresEnvironment(),
      },
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function give(path: string, account: Account | undefined): Promise<void> {
  if (account) await chown(path, account.uid, account.gid);
}

function initdbArguments(
  folder: string,
  passwordFile: string,
  home: Home,
  request: ClusterRequest,
): string[] {
  const locale = request.collation
    ? ["--locale-provider=icu", `--icu-locale=${request.collation}`]
    : ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  return [
    `--pgdata=${folder}`,
    "--username=postgres",
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    ...locale,
    ...(home.temporary ? ["--no-sync"] : []),
  ];
}

import { randomBytes } from "node:crypto";
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Account, canEnter } from "./account.js";
import { isRunning, markOf, type ProcessMark } from "./process-mark.js";

/** The folder of one server. Only one process at a time may use it. */
export interface Home {
  readonly folder: string;
  readonly temporary: boolean;
  /** The data folder, or a link to it if Postgres cannot enter `folder`. */
  readonly cluster: string;
  readonly log: string;
}

export const temporaryPrefix = "evt-postgres-";

/** The folders for temporary homes. The second one is used if Postgres cannot enter the first. */
export const temporaryParents: readonly string[] = [...new Set([tmpdir(), "/tmp"])];

export function homeIn(folder: string, temporary: boolean): Home {
  return { folder, temporary, cluster: join(folder, "postgres-18"), log: join(folder, "postgres.log") };
}

export async function temporaryHome(account: Account | undefined): Promise<Home> {
  const parent = temporaryParents.find((folder) => canEnter(account, folder));
  if (!parent)
    throw new Error(
      `no user but root can enter ${temporaryParents.join(" or ")}, and Postgres refuses to run as root`,
    );
  const home = homeIn(await mkdtemp(join(parent, temporaryPrefix)), true);
  await prepare(home);
  return home;
}

export async function lastingHome(dataDir: string): Promise<Home> {
  const home = homeIn(resolve(dataDir), false);
  await mkdir(home.folder, { recursive: true });
  await prepare(home);
  return home;
}

async function prepare(home: Home): Promise<void> {
  // as root, Postgres runs as another user, which must be able to enter the folder
  if (process.getuid?.() === 0) await chmod(home.folder, 0o711);
  await claim(home);
}

async function claim(home: Home): Promise<void> {
  const file = ownerFile(home);
  const mine = JSON.stringify(markOf(process.pid));
  try {
    await writeFile(file, mine, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    await refuseIfInUse(home);
    await writeFile(`${file}.${process.pid}`, mine);
    await rename(`${file}.${process.pid}`, file);
  }
}

async function refuseIfInUse(home: Home): Promise<void> {
  const owner = await ownerOf(home);
  if (!owner || !isRunning(owner)) return;
  throw new Error(
    `${home.folder} is in use by process ${owner.pid}: stop it first, or choose another folder`,
  );
}

/** Returns the process that uses a home. It may have ended. */
export async function ownerOf(home: Home): Promise<ProcessMark | undefined> {
  try {
    return JSON.parse(await readFile(ownerFile(home), "utf8")) as ProcessMark;
  } catch {
    return undefined;
  }
}

/** Releases a home, and removes it if it is temporary. */
export async function release(home: Home): Promise<void> {
  await rm(home.temporary ? home.folder : ownerFile(home), { recursive: true, force: true });
}

function ownerFile(home: Home): string {
  return join(home.folder, "owner.json");
}

/** Returns the superuser's password. The first call creates it, and only the owner can read it. */
export async function passwordOf(home: Home): Promise<string> {
  const file = join(home.folder, "password");
  const known = await readFile(file, "utf8").catch(() => "");
  if (known) return known;
  const password = randomBytes(24).toString("hex");
  await writeFile(file, password, { mode: 0o600 });
  return password;
}

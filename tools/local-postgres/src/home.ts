import { randomBytes } from "node:crypto";
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Account, canEnter } from "./account.js";
import { isRunning, markOf, type ProcessMark } from "./process-mark.js";

/** A folder with everything of one server in it, claimed by one process at a time. */
export interface Home {
  readonly folder: string;
  readonly temporary: boolean;
  /** The data files: a folder, or a link to one where the folder itself cannot be reached by Postgres. */
  readonly cluster: string;
  readonly log: string;
}

export const temporaryPrefix = "evt-postgres-";

/** Where temporary homes may lie: the usual place, and the system's own when only we can enter the usual one. */
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
  // as root, Postgres runs as someone else, who must be able to pass through
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
    `${home.folder} is in use by process ${owner.pid}: end that first, or choose another folder`,
  );
}

/** The process that claimed a home, whether or not it still runs. */
export async function ownerOf(home: Home): Promise<ProcessMark | undefined> {
  try {
    return JSON.parse(await readFile(ownerFile(home), "utf8")) as ProcessMark;
  } catch {
    return undefined;
  }
}

/** Gives a home up: a temporary one is gone afterwards. */
export async function release(home: Home): Promise<void> {
  await rm(home.temporary ? home.folder : ownerFile(home), { recursive: true, force: true });
}

function ownerFile(home: Home): string {
  return join(home.folder, "owner.json");
}

/** The superuser's password, made when it is first asked for and readable by the owner of the home only. */
export async function passwordOf(home: Home): Promise<string> {
  const file = join(home.folder, "password");
  const known = await readFile(file, "utf8").catch(() => "");
  if (known) return known;
  const password = randomBytes(24).toString("hex");
  await writeFile(file, password, { mode: 0o600 });
  return password;
}

import { execFileSync, spawnSync } from "node:child_process";
import { stat } from "node:fs/promises";

/** The user that Postgres runs as, if it is not the current user. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Returns the account to run Postgres as, because Postgres refuses to run as root: the owner of an existing cluster,
 * otherwise `postgres`, otherwise `nobody`. Returns `undefined` if the current user is not root.
 */
export async function accountFor(cluster: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(cluster).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const account = named("postgres") ?? named("nobody");
  if (account) return account;
  throw new Error(
    "Postgres refuses to run as root, and this machine has neither a user `postgres` nor a user `nobody`",
  );
}

function named(user: string): Account | undefined {
  try {
    return { uid: idOf("-u", user), gid: idOf("-g", user) };
  } catch {
    return undefined;
  }
}

function idOf(flag: "-u" | "-g", user: string): number {
  return Number(execFileSync("id", [flag, user], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
}

/** Returns true if the account can enter a folder. Asks the system instead of reading mode bits. */
export function canEnter(account: Account | undefined, folder: string): boolean {
  if (!account) return true;
  const result = spawnSync("/bin/sh", ["-c", 'test -x "$1"', "sh", folder], {
    ...account,
    cwd: "/",
    stdio: "ignore",
  });
  return result.status === 0;
}

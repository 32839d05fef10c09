import { execFileSync } from "node:child_process";
import { chownSync, mkdtempSync, rmdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fault, Figures } from "../harness/fault.js";
import { Tally } from "../harness/tally.js";
import type { Rig } from "../rig/rig.js";
import { underTraffic } from "../rig/under-traffic.js";

const SIZE = "16m";

export const diskFull: Fault = {
  name: "F13",
  title: "the disk is full (53100)",
  rounds: { full: 20, short: 1 },
  run: async (context) => {
    const disk = smallDisk();
    if (typeof disk === "string") return skipped(`skipped: ${disk}`);
    try {
      return await underTraffic(context, {
        prepare: (rig) => moveTo(disk.path, rig),
        fault: async ({ rig, tally, traffic }) => {
          const state = await fill(rig);
          tally.expect(state === "53100", `the error of the full disk was ${String(state)} instead of 53100`);
          const { attempts } = traffic.history;
          while (traffic.history.attempts < attempts + 20)
            await new Promise((resolve) => setTimeout(resolve, 5));
          await rig.admin("drop table filler");
          return performance.now();
        },
      });
    } finally {
      disk.remove();
    }
  },
};

/** Mounts a small file system, or returns the reason why this user may not mount one. */
function smallDisk(): { readonly path: string; readonly remove: () => void } | string {
  const path = mkdtempSync(join(tmpdir(), "evt-small-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE}`, "tmpfs", path], { stdio: "pipe" });
  } catch (error) {
    rmdirSync(path);
    return `a small file system cannot be mounted here: ${(error as Error).message.split("\n")[0]}`;
  }
  const remove = () => {
    execFileSync("umount", [path]);
    rmdirSync(path);
  };
  return { path, remove };
}

async function moveTo(path: string, rig: Rig): Promise<void> {
  // a tablespace must belong to the user that runs Postgres
  const { uid, gid } = statSync(`/proc/${rig.database.pid}`);
  chownSync(path, uid, gid);
  await rig.admin(`create tablespace small location '${path}'`);
  const tables = await rig.admin(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'evt'`,
  );
  for (const { name } of tables) await rig.admin(`alter table ${String(name)} set tablespace small`);
}

/** Fills the disk and returns the SQLSTATE of the error. */
async function fill(rig: Rig): Promise<unknown> {
  await rig.admin("create table filler (text text) tablespace small");
  for (;;) {
    try {
      await rig.admin("insert into filler select repeat('x', 2000) from generate_series(1, 20)");
    } catch (error) {
      return (error as { readonly code?: unknown }).code;
    }
  }
}

function skipped(why: string): Figures {
  const tally = new Tally();
  tally.notes.push(why);
  return tally.figures();
}

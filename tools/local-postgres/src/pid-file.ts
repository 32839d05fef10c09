import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The contents of a running Postgres's `postmaster.pid`. */
export interface PidFile {
  readonly pid: number;
  readonly ready: boolean;
}

export function readPidFile(cluster: string): PidFile | undefined {
  try {
    const lines = readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
    const pid = Number(lines[0]);
    return Number.isInteger(pid) && pid > 0 ? { pid, ready: lines[7]?.trim() === "ready" } : undefined;
  } catch {
    return undefined;
  }
}

import { readFileSync } from "node:fs";

/** Tells one process from another that was given the same number later. */
export interface ProcessMark {
  readonly pid: number;
  /** Clock ticks since boot at which it started; empty where the system does not tell. */
  readonly started: string;
}

export function markOf(pid: number): ProcessMark {
  return { pid, started: startOf(pid) };
}

export function isRunning(mark: ProcessMark): boolean {
  return isAlive(mark.pid) && startOf(mark.pid) === mark.started;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // the program's name is in brackets and may hold anything; what follows it is plain, and the 20th of that is the start
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

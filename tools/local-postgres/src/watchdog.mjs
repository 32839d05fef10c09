// Ends a local Postgres when the process that started it ends. Standard input is a pipe from that process. The pipe
// closes however the process ends. This is plain JavaScript, so that it starts immediately and without other modules.
//
// Arguments: the cluster's folder, and a folder to remove afterwards. Input: the server's process ID. The last line
// is used, because a server may need several attempts to start.

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const [cluster = "", remove = ""] = process.argv.slice(2);

let input = "";
for await (const chunk of process.stdin) input += chunk;

const pid = Number(input.trim().split("\n").at(-1));
// a later server with the same files has its own watchdog
if (pid > 0 && readPid() === pid) await end();
if (remove) rmSync(remove, { recursive: true, force: true });

async function end() {
  for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"]) {
    if (!send(signal)) return;
    for (let waitedMs = 0; waitedMs < 10_000 && send(0); waitedMs += 20) await sleep(20);
  }
}

function readPid() {
  try {
    return Number.parseInt(readFileSync(join(cluster, "postmaster.pid"), "utf8"), 10);
  } catch {
    return 0;
  }
}

function send(signal) {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

// Runs beside a local Postgres. Its standard input is a pipe from the process that started the server: when
// that process is gone, however it went, the pipe ends, and the server is ended too. Plain JavaScript: it must
// start at once and need nothing.
//
// arguments: the cluster's folder, and what to remove afterwards; input: the server's process number; of several lines
// the last counts, for a server may have needed more than one attempt

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const [cluster = "", remove = ""] = process.argv.slice(2);

let input = "";
for await (const chunk of process.stdin) input += chunk;

const pid = Number(input.trim().split("\n").at(-1));
// a later server on the same files is not this watchdog's to end
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

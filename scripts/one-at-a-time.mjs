import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "./workspace.mjs";

const lock = join(root, ".stamps", "lock");

/**
 * Runs `work` while no other process runs `oneAtATime`. On a fresh clone, two commands must not install or build at the same
 * time.
 */
export async function oneAtATime(work) {
  mkdirSync(join(root, ".stamps"), { recursive: true });
  while (!taken()) await sleep(100);
  process.once("exit", free);
  try {
    return await work();
  } finally {
    free();
    process.off("exit", free);
  }
}

function taken() {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    dropIfAbandoned();
    return false;
  }
}

function dropIfAbandoned() {
  try {
    process.kill(Number(readFileSync(lock, "utf8")), 0);
  } catch (error) {
    if (error.code === "ESRCH") free();
  }
}

function free() {
  rmSync(lock, { force: true });
}

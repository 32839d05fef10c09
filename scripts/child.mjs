import { spawn } from "node:child_process";
import { constants } from "node:os";
import { root } from "./workspace.mjs";

/** Runs a program, forwards signals to it, and returns its exit code. */
export function run(program, args, options = {}) {
  const child = spawn(program, args, { cwd: root, stdio: "inherit", ...options });
  const stop = passSignalsTo(child);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  }).finally(stop);
}

/** Runs a program and returns its exit code and its output. */
export async function runQuietly(program, args, options = {}) {
  let output = "";
  const child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], ...options });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  const stop = passSignalsTo(child);
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  }).finally(stop);
  return { code, output };
}

function passSignalsTo(child) {
  // a terminal sends Ctrl-C to the child itself; a second signal could make the child skip its shutdown
  const signals = process.stdin.isTTY ? ["SIGTERM", "SIGHUP"] : ["SIGTERM", "SIGHUP", "SIGINT"];
  const pass = (signal) => child.kill(signal);
  const stay = () => {};
  for (const signal of signals) process.on(signal, pass);
  process.on("SIGINT", stay);
  return () => {
    for (const signal of signals) process.off(signal, pass);
    process.off("SIGINT", stay);
  };
}

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Account } from "./account.js";
import type { BinaryFolder } from "./binaries.js";
import { endServer } from "./leftover.js";
import { readPidFile } from "./pid-file.js";
import { postgresEnvironment } from "./postgres-environment.js";

export interface ServerRequest {
  readonly binaries: BinaryFolder;
  readonly account: Account | undefined;
  readonly cluster: string;
  readonly log: string;
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
}

const readyWithinMs = 60_000;

/** A running `postgres`. Its output goes to the log file. */
export class Server {
  readonly #child: ChildProcess;
  readonly #request: ServerRequest;

  constructor(request: ServerRequest) {
    this.#request = request;
    const log = openSync(request.log, "w", 0o600);
    try {
      this.#child = spawn(join(request.binaries, "bin", "postgres"), serverArguments(request), {
        ...request.account,
        detached: true,
        stdio: ["ignore", log, log],
        cwd: request.cluster,
        env: postgresEnvironment(),
      });
    } finally {
      closeSync(log);
    }
    this.#child.on("error", () => {});
    // this process can end without stopping the server; then the watchdog stops it
    this.#child.unref();
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async ready(): Promise<void> {
    for (let waitedMs = 0; waitedMs < readyWithinMs; waitedMs += 10) {
      const pidFile = readPidFile(this.#request.cluster);
      if (pidFile?.pid === this.#child.pid && pidFile?.ready) return;
      if (this.#hasEnded()) break;
      await sleep(10);
    }
    await this.stop();
    throw new Error(`Postgres did not start: ${lastLines(this.#request.log)}`);
  }

  async stop(): Promise<void> {
    if (this.#hasEnded()) return;
    this.#child.ref();
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    await Promise.all([endServer(this.pid), ended]);
  }

  #hasEnded(): boolean {
    return this.#child.pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}

function serverArguments({ cluster, port, settings }: ServerRequest): string[] {
  const fixed = { listen_addresses: "127.0.0.1", unix_socket_directories: "", port: String(port) };
  const named = Object.entries({ ...settings, ...fixed }).flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`,
  ]);
  return ["-D", cluster, ...named];
}

function lastLines(log: string): string {
  return readFileSync(log, "utf8").trim().split("\n").slice(-8).join("\n");
}

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { compiled } from "./compiled.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * A program in its own process. It uses the built packages; with `EVT_PROGRAMS_FROM=sources`, as in tests, it uses
 * their sources.
 */
export class Child {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  /** Starts a program. It gets `argument` as JSON. */
  static async of(program: URL, argument: unknown): Promise<Child> {
    const path = await compiled(
      program,
      process.env["EVT_PROGRAMS_FROM"] === "sources" ? "sources" : "packages",
    );
    // without this process's options, because vitest's workers have some
    return new Child(fork(path, [JSON.stringify(argument)], { execArgv: [], cwd: ROOT }));
  }

  /** Sends a message, which the program gets with `onMessage`. */
  send(message: unknown): void {
    this.#process.send?.(message as object);
  }

  /** Resolves when the process has ended for any reason. */
  get over(): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }> {
    const { exitCode: code, signalCode: signal } = this.#process;
    if (code !== null || signal !== null) return Promise.resolve({ code, signal });
    return once(this.#process, "exit").then(([code, signal]) => ({ code, signal }));
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Returns the next message. @throws Error if the process ends before it sends one */
  async message<T>(): Promise<T> {
    const controller = new AbortController();
    const { signal } = controller;
    try {
      return await Promise.race([
        once(this.#process, "message", { signal }).then(([message]) => message as T),
        once(this.#process, "exit", { signal }).then(([code]) => {
          throw new Error(`a program ended with exit code ${code} before it sent a message`);
        }),
      ]);
    } finally {
      controller.abort();
    }
  }

  /** Disconnects, so that the program ends, and waits until it has ended. */
  async end(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, "exit");
    if (this.#process.connected) this.#process.disconnect();
    await ended;
  }
}

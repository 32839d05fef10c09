import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { compiled } from "./compiled.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * A program in a process of its own: it shares the processors with the others, and nothing else. It runs
 * over the packages as they were built; with `EVT_PROGRAMS_FROM=sources`, as in tests, over their sources.
 */
export class Child {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  /** `argument` is handed over as JSON. */
  static async of(program: URL, argument: unknown): Promise<Child> {
    const fromSources = process.env["EVT_PROGRAMS_FROM"] === "sources";
    const path = fromSources ? fileURLToPath(program) : await compiled(program);
    const execArgv = fromSources ? ["--import", "tsx"] : [];
    return new Child(fork(path, [JSON.stringify(argument)], { execArgv, cwd: ROOT }));
  }

  /** Hands it something more: `told` of its side hears it. */
  tell(message: unknown): void {
    this.#process.send?.(message as object);
  }

  /** Resolves when it is over, however it ended. */
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

  /** The next message. @throws Error where the process ends instead */
  async message<T>(): Promise<T> {
    const giveUp = new AbortController();
    const { signal } = giveUp;
    try {
      return await Promise.race([
        once(this.#process, "message", { signal }).then(([message]) => message as T),
        once(this.#process, "exit", { signal }).then(([code]) => {
          throw new Error(`a program ended with exit code ${code} before it answered`);
        }),
      ]);
    } finally {
      giveUp.abort();
    }
  }

  /** Lets it end: programs end when nobody listens to them any more. */
  async end(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, "exit");
    if (this.#process.connected) this.#process.disconnect();
    await ended;
  }
}

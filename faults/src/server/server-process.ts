import { readFile } from "node:fs/promises";
import type { ServerOptions } from "node:http";
import type { RequestLimits } from "@evt/http-express";
import { Child } from "@evt/programs";
import type { PoolConfig } from "pg";
import type { KillPoint } from "./kill-points.js";
import type { Hold } from "./loop-probe.js";

export interface ServerSettings {
  readonly url: string;
  readonly schema: string;
  /** 0: a free port. */
  readonly port: number;
  readonly pool?: PoolConfig;
  readonly requestLimits?: RequestLimits;
  /** Replaces some limits of the HTTP server. */
  readonly http?: ServerOptions;
}

const PROGRAM = new URL("./server.ts", import.meta.url);

/** The tested server in its own process. A process that replaces another uses the same port. */
export class ServerProcess {
  readonly #settings: ServerSettings;
  readonly #program: URL;
  #child: Child;
  #mayEnd = false;
  #diedOf: (error: Error) => void = () => undefined;
  /** Rejects if the process ends unexpectedly. */
  readonly died = new Promise<never>((_, reject) => {
    this.#diedOf = reject;
  });

  private constructor(settings: ServerSettings, program: URL, child: Child) {
    this.#settings = settings;
    this.#program = program;
    this.#child = child;
    this.died.catch(() => undefined);
    void this.#watch();
  }

  static async start(settings: ServerSettings, program = PROGRAM): Promise<ServerProcess> {
    const { child, port } = await started(settings, program);
    return new ServerProcess({ ...settings, port }, program, child);
  }

  get url(): string {
    return `http://127.0.0.1:${this.#settings.port}`;
  }

  get child(): Child {
    return this.#child;
  }

  arm(kill: KillPoint | null): void {
    this.#mayEnd = kill !== null;
    this.#child.send({ kill });
  }

  kill(signal: NodeJS.Signals): void {
    this.#mayEnd = true;
    this.#child.kill(signal);
  }

  /** Waits until the process ends, and then starts a new process. */
  async replace(): Promise<void> {
    await this.#child.over;
    this.#child = (await started(this.#settings, this.#program)).child;
    this.#mayEnd = false;
    void this.#watch();
  }

  async #watch(): Promise<void> {
    const { code, signal } = await this.#child.over;
    if (this.#mayEnd) return;
    this.#diedOf(new Error(`the server ended by ${signal ?? `exit code ${code}`}, but was not the target`));
  }

  async stop(): Promise<void> {
    this.kill("SIGKILL");
    await this.#child.over;
  }

  /**
   * Returns the longest turn of the event loop since the previous call. The first call starts the measurement, so its
   * result has no meaning.
   */
  longestHold(): Promise<Hold> {
    const hold = this.#child.message<Hold>();
    this.#child.send({ longestHold: true });
    return hold;
  }

  /** Returns the resident memory in MiB: the current value, and the peak since the process started. */
  async memory(): Promise<{ readonly now: number; readonly peak: number }> {
    const status = await readFile(`/proc/${this.#child.pid}/status`, "utf8");
    const mib = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1_024;
    return { now: mib("VmRSS"), peak: mib("VmHWM") };
  }
}

async function started(
  settings: ServerSettings,
  program: URL,
): Promise<{ readonly child: Child; readonly port: number }> {
  const child = await Child.of(program, settings);
  const { port } = await child.message<{ readonly port: number }>();
  return { child, port };
}

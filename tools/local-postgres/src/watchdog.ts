import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Home } from "./home.js";

/** A small process that ends the server when this process has ended, even after SIGKILL. */
export class Watchdog {
  readonly #child: ChildProcess;

  constructor(home: Home, cluster: string) {
    const program = fileURLToPath(new URL("./watchdog.mjs", import.meta.url));
    this.#child = spawn(process.execPath, [program, cluster, home.temporary ? home.folder : ""], {
      // in its own session, so that Ctrl-C does not end it before this process
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
      cwd: "/",
      env: {},
    });
    this.#child.on("error", () => {});
    this.#child.stdin?.on("error", () => {});
    this.#child.unref();
    (this.#child.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  }

  guard(pid: number): void {
    this.#child.stdin?.write(`${pid}\n`);
  }

  dismiss(): void {
    this.#child.kill("SIGKILL");
  }
}

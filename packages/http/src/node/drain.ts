import type { Server } from "node:http";
import { rejectUnknown } from "../known-options.js";
import { unavailable } from "../problem.js";
import { problemResponse } from "../responses/problem-response.js";
import type { Middleware } from "./refuse-cross-site.js";
import { send } from "./send.js";
import { whenOver } from "./when-over.js";

export interface DrainOptions {
  /** How long requests go on being served while readiness says no, so that no more are sent here. @defaultValue 0 */
  readonly graceMs?: number;
  /** How long requests under way may take then; after that their connections are cut. @defaultValue 10_000 */
  readonly timeoutMs?: number;
}

/** Lets a server end without breaking off what it has begun. Made by `createDrain`. */
export interface Drain {
  /** Whether the server is going away: for `createHealthRouter`. */
  readonly draining: boolean;
  /** Counts requests until they are answered, and refuses those that come too late. Mount it behind the health router. */
  readonly gate: Middleware;
  /**
   * Not ready any more; after the grace, refuses what is new with 503 and finishes what is under way; closes the server
   * and its connections. Resolves when nothing is left. Then close the evt, and then what lies beneath.
   */
  close(server: Server, options?: DrainOptions): Promise<void>;
}

/** For SIGTERM: one for each server. */
export function createDrain(): Drain {
  return new RequestDrain();
}

class RequestDrain implements Drain {
  #underWay = 0;
  #draining = false;
  #refusing = false;
  #whenIdle: () => void = () => undefined;
  #closing: Promise<void> | undefined;

  get draining(): boolean {
    return this.#draining;
  }

  readonly gate: Middleware = (req, res, next) => {
    // cut while its pipelined requests are read: nobody is left to answer
    if (req.socket.destroyed) return;
    if (this.#refusing) return send(req, res, GOING_AWAY);
    this.#underWay++;
    whenOver(req, res, () => {
      this.#underWay--;
      if (this.#underWay === 0) this.#whenIdle();
    });
    next();
  };

  close(server: Server, options: DrainOptions = {}): Promise<void> {
    rejectUnknown(options, ["graceMs", "timeoutMs"], "close");
    this.#closing ??= this.#close(server, options);
    return this.#closing;
  }

  async #close(server: Server, { graceMs = 0, timeoutMs = 10_000 }: DrainOptions): Promise<void> {
    this.#draining = true;
    if (graceMs > 0) await new Promise((resolve) => setTimeout(resolve, graceMs));
    this.#refusing = true;
    const cut = setTimeout(() => server.closeAllConnections(), timeoutMs);
    await this.#idle();
    clearTimeout(cut);
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  #idle(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenIdle = resolve;
    });
  }
}

const GOING_AWAY = problemResponse(
  unavailable("EVT_DRAINING", "shutting down; nothing was stored: send it again", { Connection: "close" }),
);

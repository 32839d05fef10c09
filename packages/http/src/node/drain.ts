import type { Server } from "node:http";
import { checkKnown } from "@evt/core/adapter";
import { webResponse } from "../fetch/web-response.js";
import { unavailable } from "../problem.js";
import { problemResponse } from "../responses/problem-response.js";
import type { Middleware } from "./refuse-cross-site.js";
import { send } from "./send.js";
import { whenOver } from "./when-over.js";

/** Options of `Drain.close`. */
export interface DrainOptions {
  /**
   * Time in which `/ready` already fails but requests are still served, in milliseconds. The load balancer needs this
   * time to stop sending requests. @defaultValue 0
   */
  readonly graceMs?: number | undefined;
  /**
   * Time that requests in progress get after `graceMs`, in milliseconds. Then their connections are closed.
   * @defaultValue 10,000
   */
  readonly timeoutMs?: number | undefined;
}

/** Lets a server finish its requests before it stops. Created by `createDrain`. */
export interface Drain {
  /** Whether `close` was called. Pass `() => drain.draining` to `createHealthRouter`, so that `/ready` then fails. */
  readonly draining: boolean;
  /**
   * Counts requests in progress, and refuses new requests after the `graceMs` of `close`. Mount it after the health
   * router.
   */
  readonly gate: Middleware;
  /**
   * Does the same as `gate` for a handler of the Fetch API, if the server is not one of `node:http`, as with Bun and Deno.
   * A request is in progress until the handler returns its response. The server itself must finish sending responses.
   *
   * @example
   * ```ts
   * Deno.serve(drain.guard(app.fetch));
   * ```
   */
  guard<Rest extends readonly unknown[]>(handler: WebHandler<Rest>): WebHandler<Rest>;
  /**
   * Shuts the server down. Sets `draining`. After `graceMs`, refuses new requests with 503, and waits at most `timeoutMs` for
   * the requests in progress. Then closes the server and its connections, and resolves. Close the evt next, and then its
   * pool. A further call returns the same promise. If `server` is `null`, only waits for the requests in progress: stop a server
   * that is not one of `node:http` afterwards.
   * @throws TypeError if an option is unknown
   */
  close(server: Server | null, options?: DrainOptions): Promise<void>;
}

/** A handler of the Fetch API. Some hosts pass further arguments. */
export type WebHandler<Rest extends readonly unknown[]> = (
  request: Request,
  ...rest: Rest
) => Response | Promise<Response>;

/**
 * Creates a drain for one server. Call its `close` on SIGTERM.
 *
 * @example
 * ```ts
 * const drain = createDrain();
 * app.use("/health", createHealthRouter({ evt, draining: () => drain.draining }));
 * app.use(drain.gate);
 *
 * const stop = async () => {
 *   await drain.close(server, { graceMs: 2_000 });
 *   await evt.close();
 * };
 * process.once("SIGTERM", () => void stop());
 * ```
 */
export function createDrain(): Drain {
  return new RequestDrain();
}

const OPTIONS = Object.keys({ graceMs: true, timeoutMs: true } satisfies Record<keyof DrainOptions, true>);

class RequestDrain implements Drain {
  #inProgress = 0;
  #draining = false;
  #refusing = false;
  #whenIdle: () => void = () => undefined;
  #closing: Promise<void> | undefined;

  get draining(): boolean {
    return this.#draining;
  }

  readonly gate: Middleware = (req, res, next) => {
    // Node still reads the pipelined requests of a closed connection, but their responses cannot be sent
    if (req.socket.destroyed) return;
    if (this.#refusing) return send(req, res, SHUTTING_DOWN);
    this.#inProgress++;
    whenOver(req, res, () => this.#over());
    next();
  };

  guard<Rest extends readonly unknown[]>(handler: WebHandler<Rest>): WebHandler<Rest> {
    return async (request, ...rest) => {
      if (this.#refusing) return webResponse(SHUTTING_DOWN, request.method === "HEAD");
      this.#inProgress++;
      try {
        return await handler(request, ...rest);
      } finally {
        this.#over();
      }
    };
  }

  #over(): void {
    this.#inProgress--;
    if (this.#inProgress === 0) this.#whenIdle();
  }

  close(server: Server | null, options: DrainOptions = {}): Promise<void> {
    checkKnown("close", options, OPTIONS);
    this.#closing ??= this.#close(server, options);
    return this.#closing;
  }

  async #close(server: Server | null, { graceMs = 0, timeoutMs = 10_000 }: DrainOptions): Promise<void> {
    this.#draining = true;
    if (graceMs > 0) await new Promise((resolve) => setTimeout(resolve, graceMs));
    this.#refusing = true;
    const cut = setTimeout(
      () => (server === null ? this.#whenIdle() : server.closeAllConnections()),
      timeoutMs,
    );
    await this.#idle();
    clearTimeout(cut);
    if (server === null) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  #idle(): Promise<void> {
    if (this.#inProgress === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenIdle = resolve;
    });
  }
}

const SHUTTING_DOWN = problemResponse(
  unavailable("EVT_DRAINING", "shutting down; nothing was stored: send the request again", {
    Connection: "close",
  }),
);

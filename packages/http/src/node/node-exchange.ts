import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { Exchange } from "../responses/exchange.js";
import type { HttpResponse } from "../responses/http-response.js";
import type { DeliveryLimits } from "../responses/response-budget.js";
import { addressKey } from "../sharing/share-key.js";
import { cut } from "./held-response.js";
import { isOneTooMany } from "./pipelined.js";
import { send } from "./send.js";
import { whenOver } from "./when-over.js";

/** The key of each connection's address. Computed once, because the address of a connection never changes. */
const addressKeys = new WeakMap<Socket, string>();

/**
 * An exchange over `node:http`, or over a framework whose requests and responses extend Node's classes.
 *
 * @example
 * ```ts
 * // Express: `respond` is `get`, `post` or `otherMethods` of a Route
 * (req, res) => respond(new NodeExchange(req, res, req.params.id, req.body));
 * ```
 */
export class NodeExchange<R extends IncomingMessage = IncomingMessage> implements Exchange<R> {
  readonly native: R;
  readonly id: string;
  readonly parsedBody: unknown;
  readonly #res: ServerResponse;

  constructor(req: R, res: ServerResponse, id = "", parsedBody?: unknown) {
    this.native = req;
    this.#res = res;
    this.id = id;
    this.parsedBody = parsedBody;
  }

  get method(): string {
    return this.native.method ?? "";
  }

  get url(): string {
    return this.native.url ?? "";
  }

  get headers(): IncomingHttpHeaders {
    return this.native.headers;
  }

  get rawHeaders(): readonly string[] {
    return this.native.rawHeaders;
  }

  get body(): Readable {
    return this.native;
  }

  get addressKey(): string {
    const { socket } = this.native;
    const known = addressKeys.get(socket);
    if (known !== undefined) return known;
    const key = addressKey(socket.remoteAddress);
    addressKeys.set(socket, key);
    return key;
  }

  begin(): boolean {
    const { socket } = this.native;
    // Node still reads the pipelined requests of a closed connection
    if (socket.destroyed) return false;
    if (!isOneTooMany(this.native, this.#res)) return true;
    cut(socket);
    return false;
  }

  gone(): AbortSignal {
    const controller = new AbortController();
    whenOver(this.native, this.#res, () => controller.abort());
    return controller.signal;
  }

  send(response: HttpResponse<string | Buffer>, limits?: DeliveryLimits): void {
    send(this.native, this.#res, response, limits);
  }

  abort(): void {
    this.#res.destroy();
  }
}

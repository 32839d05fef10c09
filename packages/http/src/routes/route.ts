import type { Respond } from "../responses/exchange.js";
import { methodNotAllowed } from "./method-not-allowed.js";

/** A path, with functions that serve its methods. */
export interface Route<R> {
  /**
   * The path after the mount path, such as `/events/:id/history`. Match it case-sensitively, without a slash at the
   * end.
   */
  readonly path: string;
  /** Serves GET and HEAD. */
  readonly get?: Respond<R>;
  /** Serves POST. */
  readonly post?: Respond<R>;
  /** Serves every other method. */
  readonly otherMethods: Respond<R>;
}

/** Creates a route. Unsupported methods get a 405. */
export function route<R>(path: string, methods: Pick<Route<R>, "get" | "post">): Route<R> {
  const allowed = [...(methods.get ? ["GET", "HEAD"] : []), ...(methods.post ? ["POST"] : [])];
  return { path, ...methods, otherMethods: methodNotAllowed(...allowed) };
}

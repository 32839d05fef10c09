import type { Respond } from "../responses/exchange.js";
import { methodNotAllowed } from "./method-not-allowed.js";

/** A path with what serves it. */
export interface Route<R> {
  /** The path below the mount point, case-sensitive and without a slash at its end: `/events/:id/history`. */
  readonly path: string;
  /** Serves GET and HEAD. */
  readonly get?: Respond<R>;
  readonly post?: Respond<R>;
  /** Serves every other method. */
  readonly otherMethods: Respond<R>;
}

/** Makes the route of a path from what serves its methods. */
export function route<R>(path: string, methods: Pick<Route<R>, "get" | "post">): Route<R> {
  const allowed = [...(methods.get ? ["GET", "HEAD"] : []), ...(methods.post ? ["POST"] : [])];
  return { path, ...methods, otherMethods: methodNotAllowed(...allowed) };
}

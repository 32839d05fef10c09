import { quoted } from "@evt/core/adapter";
import { z } from "zod";
import { SCOPES, type Scope } from "../access/scopes.js";
import { jsonBody } from "../body/json-body.js";
import type { Limits } from "../limits.js";
import type { Endpoint } from "./endpoint.js";
import type { IsOwnPath } from "./find-route.js";
import { queryReader } from "./read-query.js";

/** A request to an extra route, from a caller that has the scope of the route. */
export interface ExtraRequest {
  /** The tenant of the caller. */
  readonly tenantId: string;
  /** The client that the caller is bound to. `null` if it acts for the whole tenant. */
  readonly clientId: string | null;
  /** `:id` of the path, percent-decoded. Empty if the path has none. */
  readonly id: string;
  /** The values of the query parameters that the request has. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Reads the body as JSON, within the limits of the router. Returns `undefined` if there is no body. */
  body(): Promise<unknown>;
  /** Returns a signal that aborts when the client disconnects. Use it for reads only. */
  gone(): AbortSignal;
}

/** The response of an extra route. */
export interface ExtraResponse {
  /** The HTTP status. */
  readonly status: number;
  /** The value that is sent as JSON. */
  readonly body: unknown;
}

/** Serves a request to an extra route. A thrown `Problem` is sent as it is. */
export type ExtraEndpoint = (request: ExtraRequest) => Promise<ExtraResponse>;

/**
 * A route of another package, such as `@evt/api-keys`. It has the same checks, limits and error responses as the routes of
 * evt.
 */
export interface ExtraRoute {
  /** The path after the mount path, such as `/keys/:id/revoke`. `:id` is the only parameter that a path may have. */
  readonly path: string;
  /** The scope that callers need. */
  readonly scope: Scope;
  /** The names of the query parameters that the route takes. @defaultValue none */
  readonly parameters?: readonly string[] | undefined;
  /** Serves GET and HEAD. */
  readonly get?: ExtraEndpoint | undefined;
  /** Serves POST. */
  readonly post?: ExtraEndpoint | undefined;
}

const PATH = /^(?:\/[a-z][a-z-]*)(?:\/:id)?(?:\/[a-z][a-z-]*)?$/;

/** @throws TypeError if a route is invalid, or has a path of evt or of another route */
export function checkExtraRoutes(routes: readonly ExtraRoute[], isOwnPath: IsOwnPath): void {
  if (!Array.isArray(routes)) throw new TypeError(`extraRoutes is ${quoted(routes)}; it must be an array`);
  const paths = new Set<string>();
  for (const { path, scope } of routes) {
    if (typeof path !== "string" || !PATH.test(path) || isOwnPath(path) || paths.has(path))
      throw new TypeError(`extraRoutes has the path ${quoted(path)}; give an unused path such as /keys/:id`);
    if (!SCOPES.includes(scope))
      throw new TypeError(`the scope of ${path} is ${quoted(scope)}; the scopes are ${SCOPES.join(", ")}`);
    paths.add(path);
  }
}

/** Returns the first segments of the routes' paths. */
export function firstSegments(routes: readonly ExtraRoute[]): readonly string[] {
  return [...new Set(routes.map(({ path }) => path.split("/")[1] ?? ""))];
}

/** Returns the endpoint of an extra route. */
export function extraEndpoint(
  handle: ExtraEndpoint,
  { parameters = [] }: ExtraRoute,
  limits: Limits,
): Endpoint {
  const text = z.string().exactOptional();
  const readQuery = queryReader(z.strictObject(Object.fromEntries(parameters.map((name) => [name, text]))));
  return async (req, { caller, gone, share, url }) => {
    const { status, body } = await handle({
      tenantId: caller.tenantId,
      clientId: caller.clientId ?? null,
      id: req.id,
      parameters: readQuery(url) as Readonly<Record<string, string>>,
      body: () => jsonBody(req, limits, share),
      gone,
    });
    return { status, body: JSON.stringify(body) };
  };
}

import { Problem } from "../problem.js";
import type { Exchange, Respond } from "../responses/exchange.js";
import { problemResponse } from "../responses/problem-response.js";
import type { Route } from "./route.js";

/** The function that serves a request. */
export interface FoundRoute<R> {
  readonly respond: Respond<R>;
  /** `:id` of the path, percent-decoded. Empty if the path has none. */
  readonly id: string;
}

/** Returns whether a path, which begins with a slash, belongs to evt. */
export type IsOwnPath = (path: string) => boolean;

/**
 * Finds the route of a request. `url` is the request target after the mount path, with or without a query. Returns
 * `undefined` if the path belongs to the host.
 */
export type FindRoute<R> = (method: string, url: string) => FoundRoute<R> | undefined;

/**
 * Returns the finder of the given routes. Paths are case-sensitive and do not end with a slash.
 * @param isOwnPath - Returns whether a path belongs to evt. Without a route, such a path gets a 404. All other paths
 * belong to the host.
 */
export function routeFinder<R>(routes: readonly Route<R>[], isOwnPath: IsOwnPath): FindRoute<R> {
  const patterns = routes.map((route) => ({ route, segments: route.path.split("/") }));
  return (method, url) => {
    const path = pathOf(url);
    const given = path.split("/");
    const found = patterns.find(({ segments }) => matches(segments, given));
    if (found === undefined) return isOwnPath(path) ? { respond: noSuchPath, id: "" } : undefined;
    const id = decoded(given[found.segments.indexOf(ID)]);
    if (id === undefined) return { respond: unreadablePath, id: "" };
    return { respond: responderOf(found.route, method), id };
  };
}

const ID = ":id";

/** The scheme and authority of a request target in absolute form (RFC 9112, section 3.2.2). */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

/** Returns the path and the query of a request target. */
export function originForm(target: string): string {
  if (target.startsWith("/")) return target;
  const rest = target.replace(ORIGIN, "");
  return rest.startsWith("/") ? rest : `/${rest}`;
}

function pathOf(url: string): string {
  const target = originForm(url);
  const mark = target.indexOf("?");
  return mark === -1 ? target : target.slice(0, mark);
}

function matches(segments: readonly string[], given: readonly string[]): boolean {
  if (segments.length !== given.length) return false;
  return segments.every((segment, i) => (segment === ID ? given[i] !== "" : segment === given[i]));
}

function decoded(id = ""): string | undefined {
  try {
    return decodeURIComponent(id);
  } catch {
    return undefined;
  }
}

function responderOf<R>({ get, post, otherMethods }: Route<R>, method: string): Respond<R> {
  if (method === "POST") return post ?? otherMethods;
  if (method === "GET" || method === "HEAD") return get ?? otherMethods;
  return otherMethods;
}

/** Responds with 404. */
export async function noSuchPath(exchange: Exchange): Promise<void> {
  const detail = "no such path; paths are case-sensitive and do not end with a slash";
  exchange.send(problemResponse(new Problem(404, "EVT_NOT_FOUND", detail)));
}

async function unreadablePath(exchange: Exchange): Promise<void> {
  exchange.send(problemResponse(new Problem(400, "EVT_INVALID_PATH", "path is not valid percent-encoding")));
}

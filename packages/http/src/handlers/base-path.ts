import { quoted } from "@evt/core/adapter";
import { originForm } from "../routes/find-route.js";

/** The option of every handler that sees the whole path of a request. */
export interface BasePathOption {
  /**
   * The path at which the host serves the routes, such as `/api`. A segment that begins with a colon matches any segment, as
   * in `/tenants/:tenant/api`. Omit it if the host removes the path itself, as `app.use("/api", …)` of Express does.
   * @defaultValue ""
   */
  readonly basePath?: string | undefined;
}

/** Removes the base path from a URL. Returns `undefined` if the URL is neither the base path nor below it. */
export type WithoutBase = (url: string) => string | undefined;

/**
 * Returns a function that removes `basePath` from a request's URL. The result begins with a slash. In `basePath`, a segment
 * that begins with a colon matches any segment, as in `/tenants/:tenant/api`.
 * @throws TypeError if `basePath` is invalid
 */
export function withoutBase(basePath: unknown = ""): WithoutBase {
  if (typeof basePath !== "string" || !/^(?:\/|(?:\/[^/?#]+)*)$/.test(basePath)) {
    throw new TypeError(`basePath is ${quoted(basePath)}; it must be a path such as "/api"`);
  }
  const base = basePath === "/" ? [] : basePath.split("/").slice(1);
  return (url) => {
    let rest = originForm(url);
    for (const segment of base) {
      const end = endOfSegment(rest);
      const given = rest.slice(1, end);
      if (given !== segment && !(segment.startsWith(":") && given !== "")) return undefined;
      rest = rest.slice(end);
      if (!rest.startsWith("/")) rest = `/${rest}`;
    }
    return rest;
  };
}

/** Returns the position at which the first segment of a path ends. */
function endOfSegment(path: string): number {
  const end = path.slice(1).search(/[/?#]/);
  return end === -1 ? path.length : end + 1;
}

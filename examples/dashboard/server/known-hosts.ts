import { isIPv4 } from "node:net";
import type { RequestHandler } from "express";

/** The host names that a local browser may use for this machine. */
const LOOPBACK_NAMES: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

/**
 * Returns the host names that requests may use. `null` allows any. If the server did not check host names, another site could
 * let its own name resolve to this machine (DNS rebinding). Browsers would then treat that site's pages as pages of this server.
 */
export function knownHosts(host: string, allowed: readonly string[]): ReadonlySet<string> | null {
  if (!isLoopback(host) && allowed.length === 0) return null;
  return new Set([...LOOPBACK_NAMES, ...(isLoopback(host) && isIPv4(host) ? [host] : []), ...allowed]);
}

/**
 * Returns a warning if other machines may reach the server, because `host` is not a loopback address. If not, returns
 * `null`.
 */
export function exposure({ host }: { readonly host: string }): string | null {
  if (isLoopback(host)) return null;
  return `HOST is ${host}: there is no login, so anyone who can reach this address can read and change all events`;
}

/**
 * Returns middleware that refuses requests for an unknown host with 421 (RFC 9110, section 15.5.20). If `known` is `null`,
 * every host is known. Ignores the port, because a proxy may listen on another port.
 */
export function requireKnownHost(known: ReadonlySet<string> | null): RequestHandler {
  return (req, res, next) => {
    const unknown = known === null ? undefined : namesOf(req.url, req.headersDistinct.host).find(isUnknown);
    if (unknown === undefined) return next();
    const detail = `this server is not ${JSON.stringify(unknown)}; to serve it under that name, start it with ALLOWED_HOSTS`;
    const problem = {
      type: "about:blank",
      title: "Misdirected Request",
      status: 421,
      code: "HOST_UNKNOWN",
      detail,
    };
    res.status(421).type("application/problem+json").send(JSON.stringify(problem));

    function isUnknown(name: string): boolean {
      return known?.has(name) !== true;
    }
  };
}

/** Returns the names in the Host headers, and in the request target if it is an absolute URL. */
function namesOf(target: string, hosts: readonly string[] = [""]): readonly string[] {
  const absolute = /^[a-z][a-z0-9+.-]*:/i.test(target)
    ? [URL.canParse(target) ? nameOf(new URL(target).host) : ""]
    : [];
  return [...absolute, ...hosts.map(nameOf)];
}

function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, "");
}

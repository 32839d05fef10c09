import { isIPv4 } from "node:net";
import type { RequestHandler } from "express";

/** What a browser on this machine calls it. */
const LOOPBACK_NAMES: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

/**
 * Names that requests may call this server by; `null`: any. Without this check a page of another site could point a name
 * of its own at this machine (DNS rebinding), and would count as a page of this server.
 */
export function knownHosts(host: string, allowed: readonly string[]): ReadonlySet<string> | null {
  if (!isLoopback(host) && allowed.length === 0) return null;
  return new Set([...LOOPBACK_NAMES, ...(isLoopback(host) && isIPv4(host) ? [host] : []), ...allowed]);
}

/** A warning for a server that other machines can reach; `null` if only this one can. */
export function exposure({ host }: { readonly host: string }): string | null {
  if (isLoopback(host)) return null;
  return `HOST is ${host}: there is no login, so everybody who reaches this address can read and change all events`;
}

/** Answers 421 (RFC 9110, section 15.5.20) to a request for another host. The port does not matter: a proxy may have its own. */
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

/** By the Host headers, and by the request target where that is an absolute address. */
function namesOf(target: string, hosts: readonly string[] = [""]): readonly string[] {
  const absolute = /^[a-z][a-z0-9+.-]*:/i.test(target)
    ? [URL.canParse(target) ? nameOf(new URL(target).host) : ""]
    : [];
  return [...absolute, ...hosts.map(nameOf)];
}

function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, "");
}

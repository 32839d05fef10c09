import { BlockList, isIP, isIPv4 } from "node:net";
import { checkKnown, quoted } from "@evt/core/adapter";

/** Options of `addressBehindProxies`. */
export interface AddressBehindProxiesOptions {
  /** Your own proxies, as IP addresses or networks such as `10.0.0.0/8`. */
  readonly trustedProxies: readonly string[];
}

/** The members of a request of `node:http`, Express or Fastify that contain addresses. */
export interface ForwardedRequest {
  readonly headers: { readonly "x-forwarded-for"?: string | readonly string[] | undefined };
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/**
 * Returns a function for the option `clientAddress` of a router. The function begins with the address of the connection, and reads
 * `X-Forwarded-For` from its end. It returns the first address that is not a trusted proxy, or the last one that it can read.
 * Each proxy must append the address of its client. Otherwise, a client can choose its address.
 *
 * @example
 * ```ts
 * const clientAddress = addressBehindProxies({ trustedProxies: ["10.0.0.0/8"] });
 * ```
 * @throws TypeError if an option is invalid
 */
export function addressBehindProxies(
  options: AddressBehindProxiesOptions,
): (req: ForwardedRequest) => string | undefined {
  checkKnown("addressBehindProxies", options, ["trustedProxies"]);
  const trusts = trustOf(options.trustedProxies);
  return ({ headers, socket }) => {
    let address = ipOf(socket.remoteAddress ?? "");
    const forwarded = [headers["x-forwarded-for"] ?? []].flat().join(",").split(",");
    while (address !== undefined && trusts(address) && forwarded.length > 0) {
      const next = ipOf(forwarded.pop() ?? "");
      if (next === undefined) break;
      address = next;
    }
    return address;
  };
}

function trustOf(proxies: readonly string[]): (address: string) => boolean {
  if (!Array.isArray(proxies))
    throw new TypeError(`trustedProxies is ${quoted(proxies)}; it must be an array`);
  const trusted = new BlockList();
  for (const proxy of proxies) {
    const [, given = "", prefix] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(String(proxy)) ?? [];
    const address = ipOf(given);
    const bits = address !== undefined && isIPv4(address) ? 32 : 128;
    if (address === undefined || Number(prefix ?? bits) > bits)
      throw new TypeError(
        `trustedProxies has ${quoted(proxy)}; give an IP address or a network such as 10.0.0.0/8`,
      );
    trusted.addSubnet(address, Number(prefix ?? bits), familyOf(address));
  }
  return (address) => trusted.check(address, familyOf(address));
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIPv4(address) ? "ipv4" : "ipv6";
}

/** Returns an IP address in canonical form, without a port. An IPv4-mapped IPv6 address becomes its IPv4 address. */
function ipOf(text: string): string | undefined {
  const trimmed = text.trim();
  const [, host = trimmed] = /^\[([^\]]*)\](?::\d+)?$/.exec(trimmed) ?? /^([\d.]+):\d+$/.exec(trimmed) ?? [];
  if (isIP(host) === 0) return undefined;
  if (isIPv4(host)) return host;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(host)?.[1];
  if (mapped !== undefined) return mapped;
  // the URL parser shortens IPv6 addresses, and refuses zones
  return URL.canParse(`http://[${host}]`) ? new URL(`http://[${host}]`).hostname.slice(1, -1) : undefined;
}

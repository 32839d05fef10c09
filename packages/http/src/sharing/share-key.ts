import { isIPv6 } from "node:net";

const TENANT = "tenant ";
const ADDRESS = "address ";

/**
 * Returns the key of an unauthenticated caller. The key contains the IPv4 address, or the /64 network of an IPv6 address,
 * which usually belongs to one customer. An IPv4-mapped IPv6 address has the key of its IPv4 address.
 */
export function addressKey(address = ""): string {
  return `${ADDRESS}${isIPv6(address) ? networkOf(address) : address}`;
}

/** Returns the key of an authenticated caller. */
export function tenantKey(tenantId: string): string {
  return `${TENANT}${tenantId}`;
}

function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [left = "", right] = address.split("::");
  const first = left === "" ? [] : left.split(":");
  const last = right === undefined || right === "" ? [] : right.split(":");
  const gap: readonly string[] =
    right === undefined ? [] : Array(Math.max(0, 8 - first.length - last.length)).fill("0");
  return [...first, ...gap, ...last].slice(0, 4).join(":");
}

/** Returns the owner of a share, for messages. */
export function ownerOf(key: string): "tenant" | "address" {
  return key.startsWith(TENANT) ? "tenant" : "address";
}

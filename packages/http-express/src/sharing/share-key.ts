import { isIPv6, type Socket } from "node:net";
import type { Request } from "express";

const TENANT = "tenant ";
const ADDRESS = "address ";

/** A connection keeps its address for all of its requests. */
const keys = new WeakMap<Socket, string>();

/** For a caller that is not known, or not yet: its address. Of IPv6 its /64 network, which one customer usually has. */
export function addressKey({ socket }: Request): string {
  const known = keys.get(socket);
  if (known !== undefined) return known;
  const { remoteAddress = "" } = socket;
  const key = `${ADDRESS}${isIPv6(remoteAddress) ? networkOf(remoteAddress) : remoteAddress}`;
  keys.set(socket, key);
  return key;
}

/** For a known caller. */
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

/** For messages: what a share belongs to. */
export function ownerOf(key: string): "tenant" | "address" {
  return key.startsWith(TENANT) ? "tenant" : "address";
}

import { expect, it } from "vitest";
import { addressBehindProxies } from "../src/index.js";

const addressOf = addressBehindProxies({ trustedProxies: ["10.0.0.0/8", "192.0.2.7", "2001:db8:ffff::/48"] });

const request = (remoteAddress: string | undefined, forwarded?: string | string[]) => ({
  socket: { remoteAddress },
  headers: { "x-forwarded-for": forwarded },
});

it.each([
  ["a connection that is not from a trusted proxy", "203.0.113.9", "198.51.100.1", "203.0.113.9"],
  ["a trusted proxy", "10.1.2.3", "203.0.113.9", "203.0.113.9"],
  ["several trusted proxies", "10.1.2.3", "203.0.113.9, 192.0.2.7,10.9.9.9", "203.0.113.9"],
  ["an address that the client wrote", "10.1.2.3", "198.51.100.1, 203.0.113.9", "203.0.113.9"],
  ["a trusted address that the client wrote", "10.1.2.3", "10.0.0.1, 203.0.113.9", "203.0.113.9"],
  ["an address with a port", "10.1.2.3", "203.0.113.9:4711", "203.0.113.9"],
  ["an IPv6 address in brackets, with a port", "10.1.2.3", "[2001:DB8:0:0::1]:4711", "2001:db8::1"],
  ["a proxy with an IPv4-mapped address", "::ffff:10.1.2.3", "203.0.113.9", "203.0.113.9"],
  ["a proxy with IPv6", "2001:db8:ffff::1", "2001:0db8:0001:0000::2", "2001:db8:1::2"],
  ["no header", "10.1.2.3", undefined, "10.1.2.3"],
  ["several headers", "10.1.2.3", ["198.51.100.1", "203.0.113.9"], "203.0.113.9"],
  ["something that is not an address", "10.1.2.3", "198.51.100.1, unknown", "10.1.2.3"],
  ["an empty header", "10.1.2.3", "", "10.1.2.3"],
  ["only trusted addresses", "10.1.2.3", "10.0.0.1, 10.0.0.2", "10.0.0.1"],
  ["a closed connection", undefined, "203.0.113.9", undefined],
])("with %s, the address is correct", (_, remote, forwarded, expected) => {
  expect(addressOf(request(remote, forwarded))).toBe(expected);
});

it.each([[["10.0.0.0/33"]], [["proxy.internal"]], [["10.0.0.0/8/8"]], [[""]], ["10.0.0.0/8"], [[null]]])(
  "trustedProxies: %j is refused",
  (trustedProxies) => {
    expect(() => addressBehindProxies({ trustedProxies } as never)).toThrow(/^trustedProxies /);
  },
);

import { expect, it } from "vitest";
import { addressKey, ownerOf, tenantKey } from "../../src/sharing/share-key.js";

it.each([
  ["203.0.113.7", "203.0.113.7"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:db8:1:2::6", "2001:db8:1:2"],
  ["2001:db8::6", "2001:db8:0:0"],
  ["::1", "0:0:0:0"],
  [undefined, ""],
])("%s has the key of %s", (address, key) => expect(addressKey(address)).toBe(`address ${key}`));

it("a tenant cannot name itself as an address", () => {
  expect(ownerOf(tenantKey("address 203.0.113.7"))).toBe("tenant");
  expect(ownerOf(addressKey("203.0.113.7"))).toBe("address");
});

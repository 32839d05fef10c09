import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { createApiKeys, isApiKey, MemoryApiKeyStore } from "../src/index.js";
import { bearer, keysFixture, NOW } from "./keys-fixture.js";

const HOUR = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();

describe("create", () => {
  it("returns the key once, and stores only the hash of its secret", async () => {
    const { store, create } = keysFixture();
    const { key, apiKey } = await create({
      name: "reports",
      clientId: "c",
      expiresAt: "2027-01-01T00:00:00+01:00",
    });
    expect(isApiKey(key)).toBe(true);
    expect(apiKey).toEqual({
      id: key.slice(4, 20),
      tenantId: "t",
      clientId: "c",
      name: "reports",
      scopes: ["read"],
      createdAt: iso(NOW),
      expiresAt: "2026-12-31T23:00:00.000Z",
      revokedAt: null,
      lastUsedAt: null,
      rotatedTo: null,
    });
    const stored = await store.find(apiKey.id);
    expect(stored?.secretHash).toHaveLength(32);
    expect(inspect(stored)).not.toContain(key.slice(21));
  });

  it("stores null as an absent option, and each scope once", async () => {
    const { create } = keysFixture();
    const none = { name: null, clientId: null, expiresAt: null };
    const { apiKey } = await create({ ...none, scopes: ["admin", "ingest", "admin"] });
    expect(apiKey).toMatchObject({ ...none, scopes: ["ingest", "admin"] });
  });

  it.each<[object, string]>([
    [{ tenantId: "" }, "tenantId is empty"],
    [{ tenantId: undefined }, "tenantId is undefined"],
    [{ tenantId: "x".repeat(65) }, "tenantId has 65 characters"],
    [{ clientId: " c" }, "white space at its ends"],
    [{ clientId: 7 }, "clientId is 7; it must be a string"],
    [{ name: "\0" }, "lone surrogate or NUL"],
    [{ name: "x".repeat(256) }, "name has 256 characters"],
    [{ scopes: [] }, "at least one scope"],
    [{ scopes: "read" }, "must be an array"],
    [{ scopes: undefined }, "must be an array"],
    [{ scopes: ["write"] }, 'scopes has "write"; the scopes are ingest, read, replay, admin'],
    [{ scopes: ["__proto__"] }, 'scopes has "__proto__"'],
    [{ scopes: ["admin"], clientId: "c" }, "only a key of the whole tenant can be admin"],
    [{ expiresAt: "2027-01-01" }, "give an instant such as 2027-01-01T00:00:00Z"],
    [{ expiresAt: "2027-02-30T00:00:00" }, "give an instant"],
    [{ expiresAt: 1_800_000_000_000 }, "give an instant"],
    [{ expiresAt: new Date(Number.NaN) }, "give an instant"],
    [{ expiresAt: new Date(Date.UTC(10_000, 0, 1)) }, "give an instant"],
    [{ expiresAt: iso(NOW - 1) }, "has passed"],
    [{ scope: ["read"] }, 'no option "scope"; did you mean "scopes"'],
  ])("refuses %j", async (options, why) => {
    const { create } = keysFixture();
    const error = await create(options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: expect.stringContaining(why) });
  });
});

describe("list", () => {
  it("returns the keys of one tenant without secrets and hashes, page by page", async () => {
    const { keys, create, clock } = keysFixture();
    const made = [];
    for (let n = 0; n < 5; n++) {
      clock.at = NOW + (n >> 1);
      made.push(await create({ name: `key ${n}` }));
    }
    await create({ tenantId: "other" });
    const seen = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof keys.list>> = await keys.list({
        tenantId: "t",
        limit: 2,
        cursor,
      });
      seen.push(...page.keys);
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen.map(({ id }) => id).sort()).toEqual(made.map(({ apiKey }) => apiKey.id).sort());
    const printed = JSON.stringify(seen) + inspect(seen, { depth: 9 });
    expect(printed).not.toMatch(/hash/i);
    for (const { key } of made) expect(printed).not.toContain(key.slice(21));
    expect((await keys.list({ tenantId: "nobody" })).keys).toEqual([]);
  });

  it.each([
    [{ limit: 0 }, "limit"],
    [{ limit: 1_001 }, "limit"],
    [{ limit: Number.NaN }, "limit"],
    [{ cursor: "x" }, "cursor"],
    [{ cursor: "1.'; drop table" }, "cursor"],
    [{ cursor: "999999999999999.a" }, "cursor"],
    [{ cursor: 7 as never }, "cursor"],
  ])("refuses %j", async (options, parameter) => {
    const { keys } = keysFixture();
    const error = await keys.list({ tenantId: "t", ...options }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "EVT_INVALID_QUERY", parameter });
  });
});

describe("rotate", () => {
  it("creates a key with the same rights; both work until the old one expires", async () => {
    const { keys, create, clock } = keysFixture();
    const old = await create({ name: "n", clientId: "c", scopes: ["ingest", "read"] });
    clock.at += HOUR;
    const rotated = await keys.rotate({ tenantId: "t", id: old.apiKey.id });
    if (rotated.outcome !== "rotated") throw new Error(rotated.outcome);
    expect(rotated.apiKey).toMatchObject({
      name: "n",
      clientId: "c",
      scopes: ["ingest", "read"],
      expiresAt: null,
    });
    for (const { key } of [old, rotated]) await keys.authenticate(bearer(key));
    clock.at += 24 * HOUR;
    await expect(keys.authenticate(bearer(old.key))).rejects.toThrow("has expired");
    await keys.authenticate(bearer(rotated.key));
    const { keys: listed } = await keys.list({ tenantId: "t" });
    expect(listed.map(({ rotatedTo }) => rotatedTo)).toEqual([null, rotated.apiKey.id]);
  });

  it("takes effect at once in this process", async () => {
    const { keys, create, clock } = keysFixture();
    const { key, apiKey } = await create();
    await keys.authenticate(bearer(key));
    await keys.rotate({ tenantId: "t", id: apiKey.id, expireOldAt: new Date(clock.at) });
    await expect(keys.authenticate(bearer(key))).rejects.toThrow("has expired");
  });

  it("gives the new key the lifetime of the old one, or the given expiry", async () => {
    const { keys, create, clock } = keysFixture();
    const { apiKey } = await create({ expiresAt: new Date(NOW + 10 * HOUR) });
    clock.at += HOUR;
    const first = await keys.rotate({ tenantId: "t", id: apiKey.id });
    expect(first).toMatchObject({ apiKey: { expiresAt: iso(NOW + 11 * HOUR) } });
    const { id } = (first as { apiKey: { id: string } }).apiKey;
    const second = await keys.rotate({ tenantId: "t", id, expiresAt: new Date(NOW + 3 * HOUR) });
    expect(second).toMatchObject({ apiKey: { expiresAt: iso(NOW + 3 * HOUR) } });
  });

  it("gives the new key an expiry of at most the end of 9999", async () => {
    const { clock, keys, create } = keysFixture();
    const { apiKey } = await create({ expiresAt: "9999-12-31T00:00:00Z" });
    clock.at += 48 * HOUR;
    const rotated = await keys.rotate({ tenantId: "t", id: apiKey.id });
    expect(rotated).toMatchObject({ apiKey: { expiresAt: "9999-12-31T23:59:59.999Z" } });
  });

  it("has another outcome for a key that is unknown, revoked, expired, already rotated or of another tenant", async () => {
    const { keys, create, clock } = keysFixture();
    const outcomeOf = async (id: string, tenantId = "t") => (await keys.rotate({ tenantId, id })).outcome;
    const [a, b, c] = [await create(), await create({ expiresAt: new Date(NOW + HOUR) }), await create()];
    await keys.revoke({ tenantId: "t", id: a.apiKey.id });
    expect(await outcomeOf(c.apiKey.id)).toBe("rotated");
    clock.at += HOUR;
    expect(await outcomeOf(a.apiKey.id)).toBe("revoked");
    expect(await outcomeOf(b.apiKey.id)).toBe("expired");
    expect(await outcomeOf(c.apiKey.id)).toBe("already_rotated");
    expect(await outcomeOf("x")).toBe("unknown");
    expect(await outcomeOf(c.apiKey.id, "other")).toBe("unknown");
    expect((await keys.list({ tenantId: "t" })).keys).toHaveLength(4);
  });
});

describe("createApiKeys", () => {
  it.each([
    [{}, "give an ApiKeyStore"],
    [{ store: {} }, "give an ApiKeyStore"],
    [{ cacheMs: 901 }, "cacheMs is 901; it must be a whole number from 0 to 900"],
    [{ cachedKeys: 0 }, "cachedKeys is 0"],
    [{ onError: 1 }, "must be a function"],
    [{ cache: 1 }, 'no option "cache"'],
  ])("refuses the options %j", (options, why) => {
    const store = Object.keys(options).some((name) => !["store"].includes(name))
      ? { store: new MemoryApiKeyStore() }
      : {};
    expect(() => createApiKeys({ ...store, ...options } as never)).toThrow(why);
  });

  it("works with the clocks of the system", async () => {
    const keys = createApiKeys({ store: new MemoryApiKeyStore() });
    const { key } = await keys.create({ tenantId: "t", scopes: ["read"] });
    expect(await keys.authenticate(bearer(key))).toMatchObject({ tenantId: "t" });
  });
});

import crypto from "node:crypto";
import { EvtError } from "@evt/core";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type KeyRequest, MemoryApiKeyStore } from "../src/index.js";
import { newKeyText } from "../src/key-text.js";
import { bearer, keysFixture, NOW } from "./keys-fixture.js";

const HOUR = 3_600_000;
const refusalOf = (work: Promise<unknown>) =>
  work.then(
    () => "accepted",
    (error) => `${error.status} ${error.message}`,
  );
/** The same key with another secret and a correct checksum. */
const withId = (key: string) => {
  const other = newKeyText();
  return { id: key.slice(4, 20), other };
};

describe("authenticate", () => {
  it("returns the caller of a key, from each kind of header", async () => {
    const { keys, create } = keysFixture();
    const { key, apiKey } = await create({ clientId: "c", scopes: ["replay", "read", "read"] });
    const caller = { tenantId: "t", clientId: "c", scopes: ["read", "replay"], keyId: apiKey.id };
    const requests: KeyRequest[] = [
      { headers: { authorization: `Bearer ${key}` } },
      { headers: { authorization: `bearer   ${key} ` } },
      { headers: { "x-api-key": key } },
      { headers: { "x-api-key": key, authorization: "Basic dXNlcjpwYXNzd29yZA==" } },
      { headers: new Headers({ Authorization: `Bearer ${key}` }) },
      { headers: new Headers({ "X-Api-Key": key }) },
      { headers: { "x-api-key": key }, rawHeaders: ["X-Api-Key", key, "Accept", "x-api-key"] },
    ];
    for (const request of requests) expect(await keys.authenticate(request)).toEqual(caller);
  });

  it.each<[string, (key: string) => KeyRequest, string, string]>([
    ["no key", () => ({ headers: {} }), "send an API key", "Bearer"],
    ["another scheme", () => ({ headers: { authorization: "Basic eA==" } }), "send an API key", "Bearer"],
    ["no key in Headers", () => ({ headers: new Headers() }), "send an API key", "Bearer"],
    ["an empty Bearer", () => ({ headers: { authorization: "Bearer" } }), "is malformed", "invalid_token"],
    ["an empty X-Api-Key", () => ({ headers: { "x-api-key": "" } }), "is malformed", "invalid_token"],
    ["a truncated key", (key) => bearer(key.slice(0, -1)), "is malformed", "invalid_token"],
    [
      "another checksum",
      (key) => bearer(key.slice(0, -1) + (key.endsWith("0") ? "1" : "0")),
      "is malformed",
      "invalid_token",
    ],
    ["a very long key", (key) => bearer(key.repeat(10_000)), "is malformed", "invalid_token"],
    ["Unicode", (key) => bearer(`${key}\u00e9`), "is malformed", "invalid_token"],
    ["__proto__", () => bearer("__proto__"), "is malformed", "invalid_token"],
    ["an unknown key", () => bearer(newKeyText()), "is not valid", "invalid_token"],
    [
      "both headers",
      (key) => ({ headers: { authorization: `Bearer ${key}`, "x-api-key": key } }),
      "has two API keys",
      "invalid_token",
    ],
    [
      "two Authorization headers",
      (key) => ({
        ...bearer(key),
        rawHeaders: ["Authorization", `Bearer ${key}`, "authorization", "Bearer x"],
      }),
      "sent more than once",
      "invalid_token",
    ],
    [
      "joined headers",
      (key) => ({ headers: { "x-api-key": `${key}, ${key}` } }),
      "is malformed",
      "invalid_token",
    ],
    ["an array", (key) => ({ headers: { "x-api-key": [key, key] } }), "is malformed", "invalid_token"],
  ])("refuses %s with a 401 that does not contain the key", async (_, request, why, challenge) => {
    const { keys, create } = keysFixture();
    const { key } = await create();
    const error = await keys.authenticate(request(key)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ status: 401, code: "EVT_UNAUTHENTICATED" });
    expect(error).toMatchObject({ message: expect.stringContaining(why) });
    expect(error).toMatchObject({
      options: { headers: { "WWW-Authenticate": expect.stringContaining(challenge) } },
    });
    const printed = `${(error as Error).stack} ${JSON.stringify(error)}`;
    expect(printed).not.toContain(key.slice(21, 50));
  });

  it("refuses the id of one key with the secret of another", async () => {
    const { keys, store, create } = keysFixture();
    const { key } = await create();
    const { id, other } = withId(key);
    const stored = await store.find(id);
    // the other key's text is well formed, and its id now belongs to the first key's hash
    await store.insert({ ...stored, id: other.slice(4, 20) } as never);
    expect(await refusalOf(keys.authenticate(bearer(other)))).toBe("401 the API key is not valid");
    expect(await refusalOf(keys.authenticate(bearer(key)))).toBe("accepted");
  });

  it("refuses an expired key from the instant of its expiry, and a revoked key", async () => {
    const { keys, create, clock } = keysFixture();
    const { key } = await create({ expiresAt: new Date(NOW + HOUR) });
    clock.at = NOW + HOUR - 1;
    expect(await refusalOf(keys.authenticate(bearer(key)))).toBe("accepted");
    clock.at = NOW + HOUR;
    expect(await refusalOf(keys.authenticate(bearer(key)))).toBe("401 the API key has expired");
    const { key: second, apiKey } = await create();
    await keys.authenticate(bearer(second));
    await keys.revoke({ tenantId: "t", id: apiKey.id });
    expect(await refusalOf(keys.authenticate(bearer(second)))).toBe("401 the API key was revoked");
  });

  it("says that a key is revoked only to a caller that has its secret", async () => {
    const { keys, store, create } = keysFixture();
    const { key, apiKey } = await create();
    await keys.revoke({ tenantId: "t", id: apiKey.id });
    const { other } = withId(key);
    await store.insert({ ...(await store.find(apiKey.id)), id: other.slice(4, 20) } as never);
    expect(await refusalOf(keys.authenticate(bearer(other)))).toBe("401 the API key is not valid");
  });

  it("passes on the error of a store that fails, and asks again", async () => {
    const { keys, store, create } = keysFixture();
    const { key } = await create();
    const down = new EvtError("EVT_STORE_UNAVAILABLE", "no connection");
    vi.spyOn(store, "find").mockRejectedValueOnce(down);
    await expect(keys.authenticate(bearer(key))).rejects.toBe(down);
    expect(await refusalOf(keys.authenticate(bearer(key)))).toBe("accepted");
  });
});

describe("each of 10,000 comparisons", () => {
  it("hashes the secret once and compares it in constant time once, for known and unknown ids", async () => {
    const { keys, create } = keysFixture();
    const { key } = await create();
    const hash = vi.spyOn(crypto, "createHash");
    const compare = vi.spyOn(crypto, "timingSafeEqual");
    onTestFinished(() => {
      hash.mockRestore();
      compare.mockRestore();
    });
    for (let n = 0; n < 10_000; n++) {
      const asked = n % 3 === 0 ? key : newKeyText();
      const refusal = await refusalOf(keys.authenticate(bearer(asked)));
      if (refusal !== (asked === key ? "accepted" : "401 the API key is not valid")) throw new Error(refusal);
    }
    expect(hash).toHaveBeenCalledTimes(10_000);
    expect(compare).toHaveBeenCalledTimes(10_000);
    for (const [a, b] of compare.mock.calls)
      if (a.byteLength !== 32 || b.byteLength !== 32) throw new Error("length");
  });
});

describe("the cache", () => {
  const counting = () => {
    const store = new MemoryApiKeyStore();
    return { store, find: vi.spyOn(store, "find") };
  };
  /** Makes the next search read its key at once, and return it later. */
  const slowSearch = (store: MemoryApiKeyStore) => {
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const find = store.find.bind(store);
    const spy = vi.spyOn(store, "find").mockImplementationOnce(async (id) => {
      spy.mockRestore();
      const found = await find(id);
      await ended;
      return found;
    });
    return () => end();
  };

  it("asks the store once for concurrent requests, and again after cacheMs", async () => {
    const { find, store } = counting();
    const { keys, create, clock } = keysFixture({ store, cacheMs: 900 });
    const { key } = await create();
    await Promise.all([keys.authenticate(bearer(key)), keys.authenticate(bearer(key))]);
    clock.at += 899;
    await keys.authenticate(bearer(key));
    expect(find).toHaveBeenCalledTimes(1);
    clock.at += 1;
    await keys.authenticate(bearer(key));
    expect(find).toHaveBeenCalledTimes(2);
  });

  it("lets a key that another process revokes work for less than a second", async () => {
    const store = new MemoryApiKeyStore();
    const [one, two] = [keysFixture({ store, cacheMs: 900 }), keysFixture({ store, cacheMs: 900 })];
    const { key, apiKey } = await one.create();
    await two.keys.authenticate(bearer(key));
    await one.keys.revoke({ tenantId: "t", id: apiKey.id });
    expect(await refusalOf(one.keys.authenticate(bearer(key)))).toBe("401 the API key was revoked");
    two.clock.at += 900;
    expect(await refusalOf(two.keys.authenticate(bearer(key)))).toBe("401 the API key was revoked");
  });

  it("counts the time from the beginning of a slow search", async () => {
    const store = new MemoryApiKeyStore();
    const { keys, create, clock } = keysFixture({ store, cacheMs: 900 });
    const { key, apiKey } = await create();
    const end = slowSearch(store);
    const first = keys.authenticate(bearer(key));
    await store.revoke("t", apiKey.id, new Date(NOW).toISOString());
    clock.at += 900;
    end();
    await first;
    expect(await refusalOf(keys.authenticate(bearer(key)))).toBe("401 the API key was revoked");
  });

  it("does not keep a key that was revoked while the store searched for it", async () => {
    const store = new MemoryApiKeyStore();
    const { keys, create } = keysFixture({ store });
    const { key, apiKey } = await create();
    const end = slowSearch(store);
    const first = keys.authenticate(bearer(key));
    await keys.revoke({ tenantId: "t", id: apiKey.id });
    end();
    await first;
    expect(await refusalOf(keys.authenticate(bearer(key)))).toBe("401 the API key was revoked");
  });

  it("remembers unknown ids too; many of them do not remove known keys", async () => {
    const { find, store } = counting();
    const { keys, create } = keysFixture({ store, cachedKeys: 3 });
    const { key } = await create();
    await keys.authenticate(bearer(key));
    const invented = Array.from({ length: 10 }, newKeyText);
    for (const text of invented) await refusalOf(keys.authenticate(bearer(text)));
    expect(find).toHaveBeenCalledTimes(11);
    await keys.authenticate(bearer(key));
    await refusalOf(keys.authenticate(bearer(invented.at(-1) ?? "")));
    expect(find).toHaveBeenCalledTimes(11);
    await refusalOf(keys.authenticate(bearer(invented[0] ?? "")));
    expect(find).toHaveBeenCalledTimes(12);
  });

  it("is off with cacheMs 0", async () => {
    const { find, store } = counting();
    const { keys, create } = keysFixture({ store, cacheMs: 0 });
    const { key } = await create();
    for (let n = 0; n < 3; n++) await keys.authenticate(bearer(key));
    expect(find).toHaveBeenCalledTimes(3);
  });
});

describe("the last use", () => {
  it("is written once a minute, and a request does not wait for it", async () => {
    const store = new MemoryApiKeyStore();
    let written: () => void = () => undefined;
    const noteUse = vi.spyOn(store, "noteUse").mockImplementationOnce(
      () =>
        new Promise((resolve) => {
          written = resolve;
        }),
    );
    const { keys, create, clock } = keysFixture({ store });
    const { key, apiKey } = await create();
    for (let n = 0; n < 5; n++) {
      await keys.authenticate(bearer(key));
      clock.at += 10_000;
    }
    expect(noteUse.mock.calls).toEqual([[apiKey.id, new Date(NOW).toISOString()]]);
    clock.at = NOW + 60_000;
    await keys.authenticate(bearer(key));
    expect(noteUse).toHaveBeenCalledTimes(2);
    written();
    await keys.close();
    expect((await store.find(apiKey.id))?.lastUsedAt).toBe(new Date(NOW + 60_000).toISOString());
  });

  it("is not written for a refused request", async () => {
    const store = new MemoryApiKeyStore();
    const noteUse = vi.spyOn(store, "noteUse");
    const { keys, create } = keysFixture({ store });
    const { key, apiKey } = await create();
    await keys.revoke({ tenantId: "t", id: apiKey.id });
    for (const text of [key, newKeyText()]) await refusalOf(keys.authenticate(bearer(text)));
    expect(noteUse).not.toHaveBeenCalled();
  });

  it("that cannot be written does not affect requests; onError receives the error", async () => {
    const store = new MemoryApiKeyStore();
    const failure = new Error("permission denied");
    vi.spyOn(store, "noteUse").mockRejectedValue(failure);
    const onError = vi.fn(() => {
      throw new Error("the listener's own");
    });
    const { keys, create } = keysFixture({ store, onError });
    const { key } = await create();
    await keys.authenticate(bearer(key));
    await keys.close();
    expect(onError).toHaveBeenCalledExactlyOnceWith(failure);
  });

  it("that cannot be written becomes one process warning without onError", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    onTestFinished(() => warn.mockRestore());
    const store = new MemoryApiKeyStore();
    vi.spyOn(store, "noteUse").mockRejectedValue(new Error("permission denied"));
    const { keys, create } = keysFixture({ store });
    for (let n = 0; n < 2; n++) await keys.authenticate(bearer((await create()).key));
    await keys.close();
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      expect.stringContaining("permission denied"),
      expect.objectContaining({ code: "EVT_KEY_USE_NOT_WRITTEN" }),
    );
  });
});

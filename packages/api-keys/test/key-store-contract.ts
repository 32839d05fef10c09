import { describe, expect, it } from "vitest";
import type { ApiKeyStore, StoredApiKey } from "../src/index.js";
import { secretHash } from "../src/secret-hash.js";

/** A fresh store, and its tenants. Stores may share a database, so the ids must differ. */
export type MakeStore = () => Promise<ApiKeyStore>;

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 23, 9, minutes)).toISOString();

let made = 0;

/** A key of tenant `t`, created at 09:00. Each has its own id. */
export function storedKey(more: Partial<StoredApiKey> = {}): StoredApiKey {
  return {
    id: `key${String(made++).padStart(13, "0")}`,
    tenantId: "t",
    clientId: null,
    name: null,
    scopes: ["read"],
    createdAt: at(0),
    expiresAt: null,
    revokedAt: null,
    lastUsedAt: null,
    rotatedTo: null,
    secretHash: secretHash("secret"),
    ...more,
  };
}

/** The contract of an `ApiKeyStore`. */
export function describeKeyStore(name: string, make: MakeStore): void {
  describe(`${name} as an ApiKeyStore`, () => {
    const withKeys = async (...keys: readonly StoredApiKey[]) => {
      const store = await make();
      for (const key of keys) await store.insert(key);
      return store;
    };
    const ids = async (store: ApiKeyStore, tenantId = "t", limit = 10) =>
      (await store.list(tenantId, { limit, after: null })).map(({ id }) => id);

    it("finds a key as it was inserted, with every member", async () => {
      const full = storedKey({
        tenantId: "\u{1f600} 'tenant'",
        clientId: "client\u00e9",
        name: 'a "name", with {braces}',
        scopes: ["ingest", "read", "replay", "admin"],
        createdAt: "2026-11-23T09:00:00.123Z",
        expiresAt: "9999-12-31T23:59:59.999Z",
      });
      const plain = storedKey();
      const store = await withKeys(full, plain);
      for (const key of [full, plain]) {
        const found = await store.find(key.id);
        expect(found && { ...found, secretHash: [...found.secretHash] }).toEqual({
          ...key,
          secretHash: [...key.secretHash],
        });
      }
    });

    it.each(["", "unknown", "__proto__", "constructor", "' or true --", "\u{1f600}"])(
      "finds nothing under the id %j",
      async (id) => {
        expect(await (await withKeys(storedKey())).find(id)).toBeNull();
      },
    );

    it("lists the keys of one tenant, the last created first, page by page", async () => {
      const keys = [at(1), at(3), at(2), at(2), at(2)].map((createdAt) => storedKey({ createdAt }));
      const store = await withKeys(...keys, storedKey({ tenantId: "other" }));
      const sorted = [keys[1], keys[4], keys[3], keys[2], keys[0]].map((key) => key?.id);
      expect(await ids(store)).toEqual(sorted);
      const seen: string[] = [];
      let after: StoredApiKey | null = null;
      do {
        const page: readonly StoredApiKey[] = await store.list("t", { limit: 2, after });
        seen.push(...page.map(({ id }) => id));
        after = page.at(-1) ?? null;
      } while (after !== null);
      expect(seen).toEqual(sorted);
    });

    it("revokes a key of the tenant only, and keeps the first time", async () => {
      const key = storedKey();
      const store = await withKeys(key);
      expect(await store.revoke("other", key.id, at(1))).toBeNull();
      expect((await store.find(key.id))?.revokedAt).toBeNull();
      expect(await store.revoke("t", key.id, at(2))).toMatchObject({ id: key.id, revokedAt: at(2) });
      expect(await store.revoke("t", key.id, at(3))).toMatchObject({ revokedAt: at(2) });
      expect(await store.revoke("t", "unknown", at(3))).toBeNull();
      expect((await store.find(key.id))?.revokedAt).toBe(at(2));
    });

    it("rotates a live key: it sets the expiry, and stores the successor", async () => {
      const forever = storedKey();
      const ending = storedKey({ expiresAt: at(20) });
      const longer = storedKey({ expiresAt: at(50) });
      const store = await withKeys(forever, ending, longer);
      for (const [old, expected] of [
        [forever, at(30)],
        [ending, at(20)],
        [longer, at(30)],
      ] as const) {
        const successor = storedKey({ createdAt: at(10), expiresAt: at(59), clientId: "c", name: "n" });
        const rotation = { tenantId: "t", id: old.id, at: at(10), expiresAt: at(30), successor };
        expect(await store.rotate(rotation)).toBe(true);
        expect(await store.find(old.id)).toMatchObject({ expiresAt: expected, rotatedTo: successor.id });
        expect(await store.find(successor.id)).toMatchObject({ clientId: "c", name: "n", expiresAt: at(59) });
      }
    });

    it("does not rotate a key that is revoked, expired, already rotated, unknown or of another tenant", async () => {
      const revoked = storedKey({});
      const expired = storedKey({ expiresAt: at(10) });
      const rotated = storedKey();
      const others = storedKey({ tenantId: "other" });
      const store = await withKeys(revoked, expired, rotated, others);
      await store.revoke("t", revoked.id, at(1));
      const rotate = (id: string, successor = storedKey()) =>
        store.rotate({ tenantId: "t", id, at: at(10), expiresAt: at(30), successor });
      expect(await rotate(rotated.id)).toBe(true);
      const before = await ids(store);
      for (const id of [revoked.id, expired.id, rotated.id, others.id, "unknown"]) {
        const successor = storedKey();
        expect(await rotate(id, successor)).toBe(false);
        expect(await store.find(successor.id)).toBeNull();
      }
      expect(await ids(store)).toEqual(before);
    });

    it("lets one of several concurrent rotations of a key win", async () => {
      const key = storedKey();
      const store = await withKeys(key);
      const results = await Promise.all(
        Array.from({ length: 5 }, () =>
          store.rotate({ tenantId: "t", id: key.id, at: at(1), expiresAt: at(2), successor: storedKey() }),
        ),
      );
      expect(results.filter(Boolean)).toHaveLength(1);
      expect(await ids(store)).toHaveLength(2);
    });

    it("notes the last use at most once a minute, and never an earlier one", async () => {
      const key = storedKey();
      const store = await withKeys(key);
      const used = async (time: string) => {
        await store.noteUse(key.id, time);
        return (await store.find(key.id))?.lastUsedAt;
      };
      expect(await used("2026-11-23T09:01:00.000Z")).toBe("2026-11-23T09:01:00.000Z");
      expect(await used("2026-11-23T09:01:59.999Z")).toBe("2026-11-23T09:01:00.000Z");
      expect(await used("2026-11-23T09:00:00.000Z")).toBe("2026-11-23T09:01:00.000Z");
      expect(await used("2026-11-23T09:02:00.000Z")).toBe("2026-11-23T09:02:00.000Z");
      await store.noteUse("unknown", at(5));
    });
  });
}

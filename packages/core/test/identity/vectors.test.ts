import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createEvt } from "../../src/create-evt.js";
import type { CanonicalEvent, IdentifiedBy } from "../../src/event.js";
import { canonicalJson } from "../../src/identity/canonical-json.js";
import { derivedKey } from "../../src/identity/derived-key.js";
import { IDENTITY_RULES, Identifier } from "../../src/identity/identifier.js";
import { sha256Hex } from "../../src/identity/sha256.js";
import { ScriptedStore } from "../scripted-store.js";

interface IdentityVector {
  readonly name: string;
  readonly event: Omit<CanonicalEvent, "unit" | "dimensions"> & Partial<CanonicalEvent>;
  readonly stamped: boolean;
  readonly distinguishing: string | null;
  readonly ordinal: number;
  readonly unstamped: "window" | "count-each";
  readonly receivedAt: string;
  readonly receiptId: string;
  readonly keyDecides?: true;
  readonly identifiedBy: IdentifiedBy;
  readonly identityJson: string;
  readonly identity: string;
  readonly fingerprint: string;
  readonly idJson?: string;
  readonly id: string;
}

interface KeyVector {
  readonly name: string;
  readonly batchKey: string;
  readonly contentJson: string;
  readonly ordinal: number;
  readonly keyJson: string;
  readonly key: string;
}

/** Published for other languages. An entry never changes; new rules get a file of their own. */
const PUBLISHED: {
  readonly rules: number;
  readonly identities: readonly IdentityVector[];
  readonly derivedKeys: readonly KeyVector[];
} = JSON.parse(readFileSync(new URL("../../../../docs/identity-vectors.json", import.meta.url), "utf8"));

/** The number of vectors that were published for version 1. They hold under version 2, too. */
const OF_VERSION_1 = 17;
const NOTHING = { unit: null, dimensions: null };

function identified(vector: IdentityVector, rules: 1 | 2) {
  const { unstamped, receivedAt, receiptId } = vector;
  const event = { ...NOTHING, ...vector.event };
  const rule = { unstamped, windowMs: 300_000 };
  const identifier = new Identifier(sha256Hex, undefined, rules);
  return { identity: identifier.identify(event, vector, rule, { receivedAt, receiptId }) };
}

describe("the published identity vectors", () => {
  it("belong to the current rules, and cover every rule", () => {
    expect(PUBLISHED.rules).toBe(IDENTITY_RULES);
    const covered = new Set(PUBLISHED.identities.map(({ identifiedBy }) => identifiedBy));
    expect(covered).toEqual(new Set(["key", "content", "window", "receipt"]));
  });

  it("have an unchanged hash", () => {
    const hashes = [
      ...PUBLISHED.identities.slice(0, OF_VERSION_1).map(({ identity }) => identity),
      ...PUBLISHED.derivedKeys.map(({ key }) => key),
    ];
    expect(sha256Hex(hashes.join(" "))).toBe(
      "bdc28851e2bce1a756b9f6d287312210e6e810e426c05bbb8d6f781a685a1707",
    );
    const added = PUBLISHED.identities.slice(OF_VERSION_1).map(({ identity }) => identity);
    expect(sha256Hex(added.join(" "))).toBe(
      "0a1fddde62afd99ce12b12cd4625d67a35efc98648f9cd59e1f413b63cda9b81",
    );
  });

  it("are the same under version 1 for events without a unit and dimensions", () => {
    for (const vector of PUBLISHED.identities) {
      const { unit, dimensions } = { ...NOTHING, ...vector.event };
      const { identity } = identified(vector, 1);
      if (unit === null && dimensions === null) expect(identity.identity).toBe(vector.identity);
      else if (vector.identifiedBy === "content") expect(identity.identity).not.toBe(vector.identity);
    }
  });

  it.each(PUBLISHED.identities.map((vector) => [vector.name, vector] as const))("hold: %s", (_, vector) => {
    const { identity } = identified(vector, 2);
    const { identifiedBy, identityJson, id } = vector;
    expect(identity).toMatchObject({ identifiedBy, identityJson, identity: vector.identity, id });
    expect(vector.keyDecides ? identity.identity : identity.fingerprint).toBe(vector.fingerprint);
    expect(sha256Hex(identityJson)).toBe(vector.identity);
    expect(canonicalJson(JSON.parse(identityJson))).toBe(identityJson);
    if (vector.idJson !== undefined) expect(sha256Hex(vector.idJson)).toBe(id);
  });

  it.each(PUBLISHED.derivedKeys.map((vector) => [vector.name, vector] as const))(
    "hold: the key of %s",
    (_, vector) => {
      expect(derivedKey(sha256Hex, vector.batchKey, sha256Hex(vector.contentJson), vector.ordinal)).toBe(
        vector.key,
      );
      expect(sha256Hex(vector.keyJson)).toBe(vector.key);
      expect(canonicalJson(JSON.parse(vector.keyJson))).toBe(vector.keyJson);
    },
  );

  it("equal the identities that a call passes to the store", async () => {
    const store = new ScriptedStore();
    const event = {
      clientId: "client_A",
      metric: "purchase",
      amount: "1200",
      timestamp: "2024-01-01T00:00:00Z",
    };
    const at = (name: string) => PUBLISHED.identities.find((vector) => vector.name === name)?.identity;
    const ordered = createEvt({ store, mapping: { identical: "ordinal" } }).tenant("acme");
    await ordered.ingestMany([event, event, { ...event, idempotencyKey: "order-17" }]);
    const [records = []] = store.inserts;
    expect(records.map(({ identity }) => identity)).toEqual([
      at("content with a timestamp"),
      at('the second of equal events with `identical: "ordinal"`'),
      at("a key"),
    ]);
    expect(records.map(({ rules }) => rules)).toEqual([2, 2, 2]);
    await ordered.ingestMany([event, event], { idempotencyKey: "batch-1" });
    const keys = store.inserts[1]?.map(({ idempotencyKey }) => idempotencyKey);
    expect(keys).toEqual(PUBLISHED.derivedKeys.slice(0, 2).map(({ key }) => key));
  });
});

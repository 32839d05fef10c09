import { describe, expect, it } from "vitest";
import type { CanonicalEvent } from "../../src/event.js";
import { canonicalJson } from "../../src/identity/canonical-json.js";
import {
  Identifier,
  type IdentityBasis,
  type Receipt,
  type UnstampedRule,
} from "../../src/identity/identifier.js";
import { sha256Hex } from "../../src/identity/sha256.js";
import { canonicalAmount, name } from "../arbitraries.js";
import { fc, test } from "../properties.js";

const basis = { stamped: true, distinguishing: null, unstamped: "window", windowMs: 300_000 } as const;
const identify = (event: CanonicalEvent, asked: IdentityBasis & UnstampedRule, received: Receipt) =>
  new Identifier(sha256Hex).identify(event, asked, asked, received);
const receipt = { receivedAt: "2026-03-01T12:00:00.000Z", receiptId: "0".repeat(32) };
const purchase: CanonicalEvent = {
  clientId: "client_A",
  metric: "purchase",
  amount: "1200",
  unit: null,
  dimensions: null,
  timestamp: "2024-01-01T00:00:00.000Z",
  idempotencyKey: null,
};

describe("Identifier", () => {
  it("hashes the content as documented", () => {
    const { identity, id, fingerprint, identityJson, identifiedBy } = identify(purchase, basis, receipt);
    expect(identityJson).toBe(
      '{"amount":"1200","clientId":"client_A","metric":"purchase","timestamp":"2024-01-01T00:00:00.000Z"}',
    );
    expect(identity).toBe("ef29d2238525593310b4d941951f9fb6f21d440bbfe2f21e52683f13c244eb04");
    expect([id, fingerprint, identifiedBy]).toEqual([identity, identity, "content"]);
  });

  it("hashes text of any script as published", () => {
    const event = {
      clientId: "Zoë",
      metric: "☕ sold",
      amount: "-0.5",
      unit: null,
      dimensions: null,
      timestamp: "2024-02-29T23:59:59.999999Z",
      idempotencyKey: null,
    };
    expect(identify(event, basis, receipt).identity).toBe(
      "e39d28268749498781aa58d048c2ee0d93f56361fdee5116e63120db973e64d9",
    );
  });

  it("hashes a key with its client as published, and the content separately", () => {
    const keyed = identify({ ...purchase, idempotencyKey: "order-17" }, basis, receipt);
    expect(keyed.identity).toBe("b8e01ff33e62131cb3e0cc594af879f736404cb9a10993df4d85e1c696c30e15");
    expect(keyed.fingerprint).toBe(identify(purchase, basis, receipt).identity);
    expect(keyed).toMatchObject({ identifiedBy: "key", id: keyed.identity, lapsesAt: null });
  });

  it("leaves the time of receipt out of the identity, and lets the claim lapse", () => {
    const unstamped = { ...basis, stamped: false };
    const first = identify(purchase, unstamped, receipt);
    const later = identify({ ...purchase, timestamp: "2024-01-01T00:01:00.000Z" }, unstamped, {
      ...receipt,
      receivedAt: "2026-03-01T12:01:00.000Z",
    });
    expect(later.identity).toBe(first.identity);
    expect(later.id).not.toBe(first.id);
    expect(first.identityJson).toContain('"timestamp":null');
    expect(first).toMatchObject({ identifiedBy: "window", lapsesAt: "2026-03-01T12:05:00.000Z" });
  });

  it("gives an event with a key and no timestamp the same fingerprint at any time", () => {
    const keyed = { ...purchase, idempotencyKey: "k" };
    const first = identify(keyed, { ...basis, stamped: false }, receipt);
    const second = identify(
      { ...keyed, timestamp: "2025-01-01T00:00:00.000Z" },
      { ...basis, stamped: false },
      receipt,
    );
    expect(second).toEqual(first);
  });

  it("counts every receipt with `count-each`", () => {
    const each = { ...basis, stamped: false, unstamped: "count-each" } as const;
    const first = identify(purchase, each, receipt);
    const second = identify(purchase, each, { ...receipt, receiptId: "1".repeat(32) });
    expect(first.identifiedBy).toBe("receipt");
    expect(first.identity).not.toBe(second.identity);
  });

  it("gives events with and without a timestamp different identities", () => {
    const stamped = identify(purchase, basis, receipt).identity;
    expect(identify(purchase, { ...basis, stamped: false }, receipt).identity).not.toBe(stamped);
  });

  test.prop([name, canonicalAmount, name])("prints what RFC 8785 prints", (clientId, amount, metric) => {
    const event = { ...purchase, clientId, amount, metric };
    const { identity, identityJson } = identify(event, basis, receipt);
    const { timestamp } = event;
    expect(identityJson).toBe(canonicalJson({ clientId, amount, metric, timestamp }));
    expect(identity).toBe(sha256Hex(identityJson));
  });

  test.prop([fc.jsonValue(), name])(
    "prints what RFC 8785 prints with further fields, too",
    (value, field) => {
      fc.pre(JSON.stringify(value).isWellFormed?.() !== false && !/\\ud[89a-f]/i.test(JSON.stringify(value)));
      const distinguishing = canonicalJson({ [field]: value });
      const { identityJson } = identify(purchase, { ...basis, distinguishing }, receipt);
      const { idempotencyKey: _, unit: __, dimensions: ___, ...content } = purchase;
      expect(identityJson).toBe(canonicalJson({ ...content, identity: { [field]: value } }));
    },
  );

  test.prop([
    fc.option(name),
    fc.option(fc.dictionary(fc.constantFrom("plan", "region", "a-b", "Z"), name, { minKeys: 1 })),
    fc.boolean(),
    fc.nat({ max: 2 }),
  ])("prints what RFC 8785 prints with a unit and dimensions, too", (unit, dimensions, stamped, ordinal) => {
    const { identityJson } = identify(
      { ...purchase, unit, dimensions },
      { ...basis, stamped, ordinal },
      receipt,
    );
    const { amount, clientId, metric, timestamp } = purchase;
    const content = {
      ...{ amount, clientId, metric, timestamp: stamped ? timestamp : null },
      ...(unit !== null && { unit }),
      ...(dimensions !== null && { dimensions }),
      ...(ordinal > 0 && { ordinal }),
    };
    expect(identityJson).toBe(canonicalJson(content));
  });

  test.prop([name, name])("differs for different units, and for a unit and a dimension", (unit, other) => {
    fc.pre(unit !== other);
    const of = (event: Partial<CanonicalEvent>) =>
      identify({ ...purchase, ...event }, basis, receipt).identity;
    const all = [
      of({}),
      of({ unit }),
      of({ unit: other }),
      of({ dimensions: { unit } }),
      of({ dimensions: { a: unit } }),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  test.prop([name, name, name, name])(
    "differs for any two pairs of client and key",
    (client, key, otherClient, otherKey) => {
      fc.pre(client !== otherClient || key !== otherKey);
      const of = (clientId: string, idempotencyKey: string) =>
        identify({ ...purchase, clientId, idempotencyKey }, basis, receipt).identity;
      expect(of(client, key)).not.toBe(of(otherClient, otherKey));
      expect(of("a-b", "c")).not.toBe(of("a", "b-c"));
      expect(of('a","idempotencyKey":"b', "c")).not.toBe(of("a", 'b","idempotencyKey":"c'));
    },
  );
});

import { createHash } from "node:crypto";
import { MemoryStore } from "@evt/store-memory";
import { describe, expect } from "vitest";
import { depth } from "../../../../test/setup/depth.js";
import { createIdentify } from "../../src/browser/identify.js";
import { createEvt } from "../../src/create-evt.js";
import { Identifier } from "../../src/identity/identifier.js";
import { prepareInSlices } from "../../src/ingest/prepare-in-slices.js";
import { MappingChoice, type MappingOptions } from "../../src/normalize/mapping-choice.js";
import { FakeRuntime } from "../../src/testing/fake-runtime.js";
import { fc, test } from "../properties.js";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const later = async (text: string) => sha256(text);

const value = fc.oneof(
  fc.constantFrom("shop", "order", "12.50", "1,250", 7, 0, 1.5, "", " ", null, true, [], {}, "é", "\ud800"),
  fc.constantFrom("2026-01-01T00:00:00Z", "2026-03-29T02:30:00", 1_767_225_600, "01/02/2026", new Date(0)),
);
const event = fc.oneof(
  { weight: 9, arbitrary: fc.dictionary(nameOfField(), value, { maxKeys: 7 }) },
  { weight: 1, arbitrary: value },
);
const valid = fc.record(
  {
    client: fc.constantFrom("shop", "web"),
    metric: fc.constantFrom("order", "click"),
    amount: fc.constantFrom(1, "2.50", "-3"),
    timestamp: fc.constantFrom("2026-01-01", "2026-01-01T10:00:00+02:00"),
    eventId: fc.constantFrom("k1", "k2"),
    region: fc.constantFrom("eu", "us"),
  },
  { requiredKeys: ["client", "amount"] },
);
const mapping = fc.record(
  {
    identity: fc.constantFrom("raw", { fields: ["region"] }),
    unstamped: fc.constantFrom("window", "reject", "count-each"),
    timeZone: fc.constantFrom("UTC", "Europe/Berlin"),
    ambiguous: fc.constantFrom("reject"),
    identical: fc.constantFrom("merge", "ordinal", "reject"),
    key: fc.constantFrom("compare", "decides"),
    sameContent: fc.constantFrom("merge", "conflict"),
    defaults: fc.constant({ clientId: "unknown", amount: "1" }),
  },
  { requiredKeys: [] },
);
const mappings = fc.record({
  mapping,
  mappings: fc.record({ other: mapping }),
  selectMapping: fc.constantFrom(undefined, (raw: unknown) =>
    (raw as { region?: unknown }).region === "us" ? "other" : undefined,
  ),
}) as fc.Arbitrary<MappingOptions>;
const call = fc.record(
  {
    clientId: fc.constantFrom("shop"),
    mapping: fc.constantFrom("other"),
    idempotencyKey: fc.constantFrom("batch"),
    keyed: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** The context with which a server prepares events. */
function contextOf(options: MappingOptions, runtime: FakeRuntime) {
  const identifier = new Identifier(sha256);
  return {
    choice: new MappingChoice(options),
    raw: "keep" as const,
    identifier,
    runtime,
    unwrappedEvents: 10,
  };
}

function nameOfField(): fc.Arbitrary<string> {
  return fc.constantFrom(
    "client",
    "clientId",
    "metric",
    "type",
    "amount",
    "value",
    "ts",
    "id",
    "specversion",
  );
}

describe("a browser reads and identifies events", () => {
  const raws = fc.array(fc.oneof(event, valid), { maxLength: 6 });

  test.prop([raws, mappings, call, fc.boolean()], { numRuns: depth(150, 3_000) })(
    "exactly as the server does",
    async (sent, options, { keyed, ...given }, sync) => {
      const runtime = new FakeRuntime();
      const receivedAt = new Date(runtime.now()).toISOString();
      const events = createEvt({ store: new MemoryStore(), runtime, ...options }).tenant("acme");
      const identify = createIdentify({ sha256: sync ? sha256 : later, ...options });
      const keys = keyed ? sent.map((_, i) => (i % 2 === 0 ? `key-${i % 4}` : null)) : undefined;
      const asked = { ...given, idempotencyKeys: keys };

      const here = await identify(sent, { ...asked, receivedAt, tenantId: "acme" });
      const there = await events.preview(sent, asked);
      const prepared = await prepareInSlices("acme", sent, asked, contextOf(options, runtime));
      expect(here.length).toBe(sent.length);
      for (const [i, each] of here.entries()) {
        const server = there[i];
        if (server === undefined) throw new Error("the server has fewer results");
        expect(each.canonical).toEqual(server.canonical);
        expect(each.provenance).toEqual(server.provenance);
        if (server.outcome === "rejected" || each.outcome === "rejected") {
          expect(each).toMatchObject({ outcome: "rejected", issues: server.issues });
          continue;
        }
        const { identifiedBy, identity, identityJson } = server;
        const byReceipt = { identifiedBy, identity: null, identityJson: null };
        expect(each).toMatchObject(
          identifiedBy === "receipt" ? byReceipt : { identifiedBy, identity, identityJson },
        );
        expect(prepared[i]).toMatchObject({ record: { fingerprint: each.fingerprint } });
      }
    },
  );
});

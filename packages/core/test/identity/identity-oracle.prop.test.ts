import { createHash } from "node:crypto";
import { MemoryStore } from "@evt/store-memory";
import { describe, expect } from "vitest";
import { createEvt } from "../../src/create-evt.js";
import type { Preview } from "../../src/outcome.js";
import { canonicalAmount } from "../arbitraries.js";
import { fc, test } from "../properties.js";

/** Strings that might collide: quotes, separators, escapes, JSON-like text. */
const text = fc
  .oneof(
    fc
      .array(
        fc.constantFrom(
          '"',
          "\\",
          ",",
          ":",
          "{",
          "}",
          "a",
          "b",
          "-",
          "\u2028",
          "é",
          "e\u0301",
          "\u{1f600}",
          "\\u0061",
        ),
        {
          minLength: 1,
          maxLength: 6,
        },
      )
      .map((parts) => parts.join("")),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
  )
  .map((each) => each.replaceAll("\0", "").trim())
  .filter((each) => each !== "" && each.isWellFormed());

const event = fc.record({
  clientId: text,
  metric: text,
  amount: fc.oneof(canonicalAmount, fc.constantFrom("0", "1")),
  timestamp: fc.option(fc.constantFrom("2024-01-01T00:00:00.000Z", "2024-01-01T00:00:00.000001Z"), {
    nil: undefined,
  }),
  idempotencyKey: fc.option(text, { nil: undefined }),
});
type Sent = typeof event extends fc.Arbitrary<infer T> ? T : never;

/** The hashed JSON text, computed from the published rules without evt. */
function hashed({ clientId, metric, amount, timestamp, idempotencyKey }: Sent): string {
  const members: Record<string, string | null> =
    idempotencyKey === undefined
      ? { metric, timestamp: timestamp ?? null, clientId, amount }
      : { idempotencyKey, clientId };
  const sorted = Object.keys(members)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${JSON.stringify(members[key])}`);
  return `{${sorted.join(",")}}`;
}

type Identified = Exclude<Preview, { outcome: "rejected" }>;

const tenant = createEvt({ store: new MemoryStore() }).tenant("t");
const identified = async (sent: Sent) => (await tenant.preview([sent]))[0] as Identified;

describe("identity", () => {
  test.prop([event], { numRuns: 500 })("is a SHA-256 that anyone can compute", async (sent) => {
    const { identity, identityJson } = await identified(sent);
    expect(identityJson).toBe(hashed(sent));
    expect(identity).toBe(createHash("sha256").update(hashed(sent), "utf8").digest("hex"));
  });

  test.prop([event, event], { numRuns: 500 })("differs for different events", async (one, other) => {
    const [a, b] = [await identified(one), await identified(other)];
    const same = hashed(one) === hashed(other);
    expect([a.identityJson === b.identityJson, a.identity === b.identity]).toEqual([same, same]);
  });

  test.prop(
    [
      event,
      fc.constantFrom("clientId", "metric", "idempotencyKey"),
      fc.nat(),
      fc.constantFrom(...'ab-",:\\{}'),
    ],
    {
      numRuns: 1_000,
    },
  )("changes with any character of what makes it", async (sent, member, at, put) => {
    const before = sent[member as "clientId"] ?? "";
    const place = at % (before.length + 1);
    const after = before.slice(0, place) + put + before.slice(place);
    if (!after.isWellFormed()) return;
    const [a, b] = [await identified(sent), await identified({ ...sent, [member]: after })];
    const counts = member !== "metric" || sent.idempotencyKey === undefined;
    expect(a.identity !== b.identity).toBe(counts);
  });
});

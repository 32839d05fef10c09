import fc from "fast-check";

/** An event as an object, before it is written as JSON. */
export type SentEvent = Readonly<Record<string, unknown>>;

const client = fc.constantFrom("a", "b", "Zoë", "☕ & \u{1f600}");
const metric = fc.constantFrom("m", "purchase");
const amount = fc.constantFrom("1", "0.1", "-2.50", 3, 0.7);
const timestamp = fc.constantFrom("2024-01-01T00:00:00Z", "2024/02/29", 1_704_067_200);
/** A field that is not part of an event's identity. */
const note = fc.oneof(fc.string({ unit: "grapheme", maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }));
const content = { clientId: client, metric, amount, note };

const stamped = fc.record({ ...content, timestamp });
const unstamped = fc.record(content);
const nested = fc
  .record({ ...content, timestamp })
  .map(({ clientId, ...payload }) => ({ clientId, payload, metadata: { "": null } }));
/** The key is derived from the content, so equal keys mean equal events. */
const keyed = stamped.map((event) => ({
  ...event,
  idempotencyKey: [event.clientId, event.metric, event.amount, event.timestamp].join("/"),
}));
const refused = fc.record({ ...content, amount: fc.constantFrom("many", null, "1,5") });

const event: fc.Arbitrary<SentEvent> = fc.oneof(stamped, stamped, unstamped, nested, keyed, refused);

/** Events without conflicts: few values, so many are twins. */
export const events = fc.array(event, { minLength: 1, maxLength: 8 });

/** Events with conflicts: the first one holds the key. */
export const contradictingEvents = fc.array(
  fc.oneof(
    event,
    stamped.map((each): SentEvent => ({ ...each, eventId: "k" })),
  ),
  { minLength: 1, maxLength: 8 },
);

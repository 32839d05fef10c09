export interface Preset {
  readonly name: string;
  readonly says: string;
  readonly json: string;
}

const pretty = (value: unknown) => JSON.stringify(value, null, 2);

/** Events in different shapes, as real clients send them. */
export const PRESETS: readonly Preset[] = [
  {
    name: "Nested",
    says: "Fields inside a payload, the amount a text, the date without a time.",
    json: pretty({
      source: "client_A",
      payload: { metric: "purchase", amount: "1200", timestamp: "2024/01/01" },
    }),
  },
  {
    name: "Flat",
    says: "Other names for the same fields, all at the top.",
    json: pretty({
      client_id: "client_B",
      event_type: "click",
      value: 500,
      date: "2024-01-15T10:30:00Z",
    }),
  },
  {
    name: "Array",
    says: "Several at once: with a key, with Unix time, one that repeats the first, one that cannot be counted.",
    json: pretty([
      { client: "client_C", event: "refund", total: "-12.50", ts: 1705314600, eventId: "order-17" },
      { source: "client_A", data: { name: "signup", count: 1, time: "2024-02-29T08:15:00+01:00" } },
      { client: "client_C", event: "refund", total: "-12.50", ts: 1705314600, eventId: "order-17" },
      { client_id: "client_B", event_type: "click", value: true, date: "2024-01-15" },
    ]),
  },
  {
    name: "CloudEvent",
    says: "The CNCF's envelope: source and id recognise it.",
    json: pretty({
      specversion: "1.0",
      id: "a7c1-0042",
      source: "/sensors/boiler-3",
      type: "temperature.read",
      time: "2024-03-01T12:00:00Z",
      data: { value: 81.25 },
    }),
  },
  {
    name: "Broken",
    says: "An amount that is no number and a day that does not exist: refused with the reasons, and kept.",
    json: pretty({
      source: "client_A",
      payload: { metric: "purchase", amount: "12abc", timestamp: "2024-02-30" },
    }),
  },
];

export const FIRST_TEXT = PRESETS[0]?.json ?? "";

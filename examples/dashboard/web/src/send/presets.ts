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
    says: "The fields are inside a payload, the amount is a string, and the date has no time.",
    json: pretty({
      source: "client_A",
      payload: { metric: "purchase", amount: "1200", timestamp: "2024/01/01" },
    }),
  },
  {
    name: "Flat",
    says: "The fields have other names, and all are at the top level.",
    json: pretty({
      client_id: "client_B",
      event_type: "click",
      value: 500,
      date: "2024-01-15T10:30:00Z",
    }),
  },
  {
    name: "Array",
    says: "Four events in one array. The third repeats the first, and the last cannot be counted.",
    json: pretty([
      { client: "client_C", event: "refund", total: "-12.50", ts: 1705314600, eventId: "order-17" },
      { source: "client_A", data: { name: "signup", count: 1, time: "2024-02-29T08:15:00+01:00" } },
      { client: "client_C", event: "refund", total: "-12.50", ts: 1705314600, eventId: "order-17" },
      { client_id: "client_B", event_type: "click", value: true, date: "2024-01-15" },
    ]),
  },
  {
    name: "CloudEvent",
    says: "An event in the CNCF's CloudEvents format. Its source and id identify it.",
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
    says: "The amount is not a number, and the day does not exist. The event is rejected with both reasons, and parked.",
    json: pretty({
      source: "client_A",
      payload: { metric: "purchase", amount: "12abc", timestamp: "2024-02-30" },
    }),
  },
];

export const FIRST_TEXT = PRESETS[0]?.json ?? "";

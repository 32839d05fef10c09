import type { Mapping } from "@evt/core";

/** What a sender sends: JSON texts, each in a request of its own. */
export interface Input {
  readonly name: string;
  readonly mapping?: Mapping;
  /** The client that authentication proves. */
  readonly clientId?: string;
  readonly bodies: readonly string[];
  /** Headers of each request. */
  readonly headers?: readonly Readonly<Record<string, string>>[];
  /**
   * A line for each result: the outcome, followed by client, metric, amount and timestamp (`-` for the time of arrival) of
   * a processed event, or by the codes of the issues.
   */
  readonly results: readonly string[];
}

const ARRIVED = "-";
const event = (more: string) => `{"client":"c","type":"m","value":1,${more}}`;
const at = (timestamp: string) => `processed c m 1 ${timestamp}`;
const binary = (id: string) => ({
  "ce-specversion": "1.0",
  "ce-id": id,
  "ce-source": "my-app",
  "ce-type": "tokens",
});

/** Inputs from public bug reports of other systems, with personal details replaced. */
export const INPUTS: readonly Input[] = [
  {
    name: "a container with the name of a client",
    bodies: ['{"client":"web","type":"signup","count":1,"properties":{"source":"google"}}'],
    results: [`processed web signup 1 ${ARRIVED}`],
  },
  {
    name: "a total next to a count in a container",
    bodies: ['{"name":"Purchase","total":"59.97","client":"s","properties":{"type":"gift","count":3}}'],
    results: [`processed s Purchase 59.97 ${ARRIVED}`],
  },
  {
    name: "a source in a container, from a vouched client",
    clientId: "client_A",
    bodies: ['{"type":"signup","count":1,"properties":{"source":"google"}}'],
    results: [`processed client_A signup 1 ${ARRIVED}`],
  },
  {
    name: "a duration in the time field",
    bodies: [event('"time":350,"page":"/a"'), event('"time":350,"page":"/b"')],
    results: ["rejected timestamp_not_recognized", "rejected timestamp_not_recognized"],
  },
  {
    name: "an Excel date",
    bodies: [event('"date":45306.4375')],
    results: ["rejected timestamp_not_recognized"],
  },
  {
    name: "an Excel date, by option",
    mapping: { excelSerial: true },
    bodies: [event('"date":45306.4375')],
    results: [at("2024-01-15T10:30:00.000Z")],
  },
  {
    name: "a time of day next to a date",
    bodies: [event('"date":"2024-01-15","time":"103000"')],
    results: ["rejected timestamp_not_recognized"],
  },
  ...['"0001-01-01T00:00:00.0000000"', '"1970-01-01T00:00:00Z"', '"0000-00-00 00:00:00"'].map((zero) => ({
    name: `the zero date ${zero}`,
    bodies: [event(`"ts":${zero}`)],
    results: ["rejected timestamp_before_earliest"],
  })),
  {
    name: "nanoseconds as digits",
    bodies: [event('"time":"1739818888499200000"')],
    results: [at("2025-02-17T19:01:28.499200Z")],
  },
  {
    name: "nanoseconds as digits, with a format of the mapping",
    mapping: { timestampFormats: [{ name: "fixed", parse: () => ({ iso: "2024-01-01T00:00:00Z" }) }] },
    bodies: [event('"time":"1739818888499200000"')],
    results: [at("2024-01-01T00:00:00.000Z")],
  },
  {
    name: "two events that differ beyond the microsecond",
    bodies: [event('"ts":"2024-01-15T10:30:22.896810123Z"'), event('"ts":"2024-01-15T10:30:22.896810987Z"')],
    results: [at("2024-01-15T10:30:22.896810Z"), at("2024-01-15T10:30:22.896810Z")],
  },
  {
    name: "a local time that occurs twice",
    mapping: { timeZone: "Europe/Berlin" },
    bodies: [event('"ts":"2024-10-27 02:30:00"')],
    results: ["rejected timestamp_repeated"],
  },
  ...(["first", "second"] as const).map((repeatedLocalTime, i) => ({
    name: `a local time that occurs twice, as the ${repeatedLocalTime}`,
    mapping: { timeZone: "Europe/Berlin", repeatedLocalTime },
    bodies: [event('"ts":"2024-10-27 02:30:00"')],
    results: [at(`2024-10-27T0${i}:30:00.000Z`)],
  })),
  {
    name: "a fraction with the point as group separator",
    mapping: { amount: { groupSeparator: ".", decimalSeparator: "," } },
    bodies: ["0.500", "007.500"].map((amount) => `{"client":"c","amount":"${amount}"}`),
    results: ["rejected amount_not_a_number", "rejected amount_not_a_number"],
  },
  {
    name: "a group that begins with zero",
    mapping: { amount: { groupSeparator: "," } },
    bodies: ['{"client":"c","amount":"0,500.25"}'],
    results: ["rejected amount_not_a_number"],
  },
  {
    name: "no-break spaces in groups",
    mapping: { amount: { groupSeparator: " ", decimalSeparator: "," } },
    bodies: ['{"client":"c","amount":"1\u00a0234,50"}', '{"client":"c","amount":"9\u202f234,50"}'],
    results: [`processed c unknown 1234.5 ${ARRIVED}`, `processed c unknown 9234.5 ${ARRIVED}`],
  },
  {
    name: "Indian groups",
    mapping: { amount: { groupSeparator: ",", grouping: "indian" } },
    bodies: ['{"client":"c","amount":"1,00,000"}'],
    results: [`processed c unknown 100000 ${ARRIVED}`],
  },
  {
    name: "currencies",
    mapping: { amount: { groupSeparator: ".", decimalSeparator: ",", currencies: ["€"] } },
    bodies: ['{"client":"c","amount":"4.711,98 €"}', '{"client":"c","amount":"$25,00"}'],
    results: [`processed c unknown 4711.98 ${ARRIVED}`, "rejected amount_not_a_number"],
  },
  {
    name: "64-bit numbers as client and as key",
    bodies: [
      '{"client_id":705167622904680449,"type":"x","amount":1}',
      '{"client":"a","type":"x","amount":1,"event_id":92356927693813857}',
    ],
    results: [`processed 705167622904680449 x 1 ${ARRIVED}`, `processed a x 1 ${ARRIVED}`],
  },
  {
    name: "64-bit numbers in a raw identity",
    mapping: { identity: "raw" },
    bodies: ['{"client":"a","type":"x","amount":1,"user":{"id":705167622904680449}}'],
    results: [`processed a x 1 ${ARRIVED}`],
  },
  {
    name: "a field of the identity as number and as string",
    mapping: { identity: { fields: ["order_id"] } },
    bodies: [7, '"7"'].map((id) => `{"client":"a","type":"o","amount":1,"ts":1700000000,"order_id":${id}}`),
    results: ["processed a o 1 2023-11-14T22:13:20.000Z", "duplicate"],
  },
  {
    name: "a CloudEvent with a mapped client",
    mapping: { fields: { clientId: "subject" } },
    bodies: [
      '{"specversion":"1.0","id":"1","type":"tokens","source":"my-app","subject":"customer-1","data":{"amount":5}}',
    ],
    results: [`processed customer-1 tokens 5 ${ARRIVED}`],
  },
  {
    name: "CloudEvents in binary mode",
    bodies: ['{"amount":5}', '{"amount":5}'],
    headers: [binary("1"), binary("2")],
    results: [`processed my-app tokens 5 ${ARRIVED}`, `processed my-app tokens 5 ${ARRIVED}`],
  },
  {
    name: "a field of the identity in a container",
    mapping: { identity: { fields: ["order_id"] } },
    bodies: [1, 2].map(
      (id) => `{"client":"a","type":"o","amount":1,"ts":1700000000,"data":{"order_id":${id}}}`,
    ),
    results: ["processed a o 1 2023-11-14T22:13:20.000Z", "processed a o 1 2023-11-14T22:13:20.000Z"],
  },
  {
    name: "an envelope",
    bodies: ['{"client":"shop","total":2,"data":[{"type":"order","amount":5},{"type":"order","amount":6}]}'],
    results: ["rejected event_is_envelope"],
  },
  {
    name: "an envelope, by option",
    mapping: { unwrap: "data" },
    bodies: ['{"client":"shop","total":2,"data":[{"type":"order","amount":5},{"type":"order","amount":6}]}'],
    results: [`processed shop order 5 ${ARRIVED}`, `processed shop order 6 ${ARRIVED}`],
  },
  {
    name: "a batch with a write key",
    mapping: { defaults: { clientId: "web", amount: "1" } },
    bodies: ['{"batch":[{"event":"click"}],"writeKey":"w","sentAt":"2024-01-01T00:00:00Z"}'],
    results: ["rejected event_is_envelope"],
  },
  {
    name: "three equal sales in one batch",
    bodies: [`[${Array(3).fill('{"client":"w","type":"click","amount":1}').join()}]`],
    results: [`processed w click 1 ${ARRIVED}`, "duplicate of 0", "duplicate of 0"],
  },
  {
    name: "three equal sales in one batch, each counted",
    mapping: { identical: "ordinal" },
    bodies: [`[${Array(3).fill('{"client":"w","type":"click","amount":1}').join()}]`],
    results: Array(3).fill(`processed w click 1 ${ARRIVED}`),
  },
  {
    name: "a redelivery with a time of its own",
    mapping: { key: "decides" },
    bodies: ["01", "02"].map((day) => event(`"messageId":"a","ts":"2024-01-${day}"`)),
    results: [at("2024-01-01T00:00:00.000Z"), "duplicate"],
  },
  {
    name: "the month of a date that has only one reading",
    bodies: [event('"ts":"12/31/2024"')],
    results: ["rejected timestamp_not_recognized"],
  },
  ...[
    "2024-01-15 10:30:00 UTC",
    "2024-01-15 10:30:00 +0000",
    "2024-01-15 10:30:00 +0000 UTC",
    "Mon Jan 15 2024 10:30:00 GMT+0000 (Coordinated Universal Time)",
  ].map((ts) => ({
    name: `the time ${ts}`,
    bodies: [event(`"ts":"${ts}"`)],
    results: [at("2024-01-15T10:30:00.000Z")],
  })),
  ...["2024-1-15", "15 Jan 2024"].map((ts) => ({
    name: `the date ${ts}`,
    bodies: [event(`"ts":"${ts}"`)],
    results: [at("2024-01-15T00:00:00.000Z")],
  })),
  {
    name: "equal content with another id",
    bodies: [1001, 1002].map(
      (id) =>
        `{"id":${id},"source":"shop","type":"order","total":"10.00","created_at":"2024-01-01T00:00:00Z"}`,
    ),
    results: ["processed shop order 10 2024-01-01T00:00:00.000Z", "duplicate differs id"],
  },
  {
    name: "equal content with another id, as a conflict",
    mapping: { sameContent: "conflict" },
    bodies: [1001, 1002].map(
      (id) =>
        `{"id":${id},"source":"shop","type":"order","total":"10.00","created_at":"2024-01-01T00:00:00Z"}`,
    ),
    results: ["processed shop order 10 2024-01-01T00:00:00.000Z", "conflict raw_differs"],
  },
  {
    name: "an empty cell",
    mapping: { empty: "absent" },
    bodies: ['{"client":"c","amount":"","total":"5"}'],
    results: [`processed c unknown 5 ${ARRIVED}`],
  },
];

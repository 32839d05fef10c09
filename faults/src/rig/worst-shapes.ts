import { gzipSync } from "node:zlib";

/** A request that is meant to cause as much work as the limits allow. */
export interface Shape {
  readonly name: string;
  readonly method?: "GET" | "POST";
  /** The path after `/api`. */
  readonly path?: string;
  readonly body?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

const LIMIT = 5 * 2 ** 20;
const MEMBERS = 9_990;
const EVENTS = 1_000;
const DEPTH = 62;

const fields = '"clientId":"c","metric":"m","amount":1,"timestamp":"2026-01-01T00:00:00Z"';
let made = 0;

/** Repeats `unit` as often as it fits into a body, with room for `around` more bytes. */
function filled(unit: string, around = 1_000): string {
  return unit.repeat(Math.floor((LIMIT - around) / Buffer.byteLength(unit)));
}

/** Creates an event with a unique key. */
const event = (members: string) => `{${fields},"idempotencyKey":"k${++made}",${members}}`;
const keyed = (key: string) => `{${fields},"idempotencyKey":"${key}"}`;
/** Creates a batch with `count` events. `made` gets the room of an event: its share of the largest body, in bytes. */
function many(made: (room: number, n: number) => string, count = EVENTS): string {
  const room = Math.floor(LIMIT / count) - 2;
  return `[${Array.from({ length: count }, (_, n) => made(room, n)).join(",")}]`;
}
const members = (count: number, value: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => `"m${n}":${value(n)}`).join(",");
const elements = (count: number, value: string) =>
  `[${Array.from({ length: count }, () => value).join(",")}]`;
const nested = (depth: number) => `${'{"n":['.repeat(depth / 2)}${"]}".repeat(depth / 2)}`;
const padded = (n: number, room: number, rest = "") => {
  const begin = `{"clientId":"c","metric":"m","timestamp":"2026-01-01T00:00:00Z","idempotencyKey":"pad ${n}"${rest},"pad":"`;
  return `${begin}${"x".repeat(Math.max(0, room - begin.length - 2))}"}`;
};

/** Bodies by name. */
const TEXTS: Readonly<Record<string, () => string>> = {
  "one string": () => event(`"s":"${filled("a")}"`),
  "one string of é": () => event(`"s":"${filled("é")}"`),
  "one string of 😀": () => event(`"s":"${filled("😀")}"`),
  "digits 1000…0001": () => event(`"x":1${filled("0")}1`),
  "an amount of digits": () => `{"clientId":"c","amount":${filled("7")}}`,
  "decimals 0.000…1": () => event(`"x":0.${filled("0")}1`),
  "an exponent of digits": () => event(`"x":1e${filled("9")}`),
  "many inexact numbers": () => event(`"x":${elements(MEMBERS, "9".repeat(520))}`),
  "a time of zeros": () => `{"clientId":"c","amount":1,"timestamp":"${filled("0")}"}`,
  "a time of spaces": () => `{"clientId":"c","amount":1,"timestamp":"${filled(" ")}"}`,
  "an amount of zeros": () => `{"clientId":"c","amount":"${filled("0")}"}`,
  "a client of letters": () => `{"clientId":"${filled("c")}","amount":1}`,
  "a client of 😀": () => `{"clientId":"${filled("😀")}","amount":1}`,
  "a key of lone surrogates": () => keyed(filled("\\ud800")),
  "escapes \\n": () => event(`"s":"${filled("\\n")}"`),
  "escapes \\u0061": () => event(`"s":"${filled("\\u0061")}"`),
  "an escaped key next to one string": () => event(`"\\u0061":1,"s":"${filled("a")}"`),
  "one escaped key": () => event(`"${filled("\\u0061")}":1`),
  "many escaped keys": () => event(members(MEMBERS / 2, (n) => `1,"\\u0061${"k".repeat(980)}${n}":1`)),
  "many long keys": () =>
    event(Array.from({ length: MEMBERS }, (_, n) => `"${"k".repeat(500)}${n}":1`).join(",")),
  "doubled keys": () =>
    event(Array.from({ length: MEMBERS }, (_, n) => `"k":"${"v".repeat(500)}${n}"`).join(",")),
  "keys that are numbers": () =>
    event(Array.from({ length: MEMBERS }, (_, n) => `"${n * 2_654_435_761}":"${"v".repeat(490)}"`).join(",")),
  "white space": () => `${filled(" ")}{${fields}}`,
  "line feeds before an error": () => `{${fields}${filled("\n")}x`,
  "one string before an error": () => event(`"s":"${filled("a")}"x`),
  "an open string": () => `{"s":"${filled("a")}`,
  "a bad escape at the end": () => event(`"s":"${filled("a")}\\x"`),
  "events before an error": () => `${many((room, n) => padded(n, room - 1), EVENTS - 1).slice(0, -1)},x]`,
  "events before an open end": () => many((room, n) => padded(n, room - 1)).slice(0, -1),
  "events of many members": () =>
    many((room) => event(`${members(Math.floor((room - 140) / 9.4), () => "1")}`)),
  "events of many elements": () =>
    many((room) => event(`"x":${elements(Math.floor((room - 140) / 2), "0")}`)),
  "events of many inexact numbers": () =>
    many((room) => event(`"x":${elements(Math.floor((room - 140) / 21), "12345678901234567890")}`)),
  "events of escaped keys": () =>
    many((room) => event(`${members(Math.floor((room - 140) / 20), () => '1,"\\u0061":1')}`)),
  "events of deep nesting": () =>
    many((room) => event(`"x":${elements(Math.floor((room - 160) / (DEPTH * 4)), nested(DEPTH - 4))}`)),
  "large events": () => many((room, n) => padded(n, room, `,"amount":${n}`)),
  "large events that conflict": () => many((room, n) => padded(n, room, `,"amount":${n + 1}`)),
  "large events that are rejected": () => many((room, n) => padded(n, room)),
  "large events of é that are rejected": () =>
    many((room) => `{"clientId":"c","pad":"${"é".repeat(Math.floor((room - 60) / 2))}"}`),
  "events of long names that are rejected": () => {
    const name = "\\u0001".repeat(250);
    const about = `"clientId":"${name}","metric":"${name}","idempotencyKey":"${name}"`;
    return many((_, n) => `{${about},"amount":"${"x".repeat(100)}${n}","timestamp":"${"y".repeat(100)}"}`);
  },
  "one large event that is rejected": () => padded(0, LIMIT - 100),
  "one large event of 😀 that is rejected": () => `{"clientId":"c","s":"${filled("😀")}"}`,
  "empty events": () => many(() => "{}"),
  "a million commas": () => `[${filled(",")}]`,
  "a million empty arrays": () => `[${filled("[],")}[]]`,
};

/** Returns every body twice: as an ingest and as a dry run. */
export function bodies(): readonly Shape[] {
  return Object.entries(TEXTS).flatMap(([name, text]) => {
    const body = Buffer.from(text());
    if (body.length > LIMIT) throw new Error(`${name} has ${body.length} bytes`);
    return [
      { name, method: "POST", path: "/events", body },
      { name: `${name}, dry`, method: "POST", path: "/events?dryRun=true", body },
    ] as const;
  });
}

/** Returns requests whose events produce the maximum number of rows in totals, with names that are long in JSON. */
export function names(): readonly Shape[] {
  const name = (n: number) => `${"\\u0001".repeat(250)}${String(n).padStart(5, "0")}`;
  const named = (n: number) =>
    `{"clientId":"${name(n)}","metric":"${name(n)}","amount":${n}.000000000000000001}`;
  return Array.from({ length: 10 }, (_, i) => ({
    name: "events",
    method: "POST" as const,
    path: "/events",
    body: Buffer.from(`[${Array.from({ length: EVENTS }, (_, n) => named(i * EVENTS + n)).join(",")}]`),
  }));
}

/**
 * Returns groups of three equal requests, which are sent at the same time. Their time slices must not add up to one
 * long turn.
 */
export function atOnce(): readonly (readonly Shape[])[] {
  const names = [
    "events of many members",
    "events of escaped keys",
    "one large event of 😀 that is rejected",
  ];
  const all = bodies().filter(({ path }) => path === "/events");
  const three = (name: string) => {
    const shape = all.find((each) => each.name === name);
    if (shape === undefined) throw new Error(`there is no shape ${name}`);
    return [shape, shape, shape];
  };
  return names.map(three);
}

export function packedBodies(): readonly Shape[] {
  const packed = (name: string, bytes: Buffer): Shape => ({
    name,
    method: "POST",
    path: "/events",
    body: gzipSync(bytes),
    headers: { "Content-Encoding": "gzip" },
  });
  return [
    packed("gzip of one string", Buffer.from(event(`"s":"${filled("a")}"`))),
    packed("gzip of events of many members", Buffer.from(TEXTS["events of many members"]?.() ?? "")),
    packed("gzip of a stray byte at the end", Buffer.concat([Buffer.from(filled("é")), Buffer.of(0xff)])),
  ];
}

const range = (interval: string, from: string, to: string, timeZone: string): Shape => ({
  name: `totals by ${interval} from ${from} in ${timeZone}`,
  path: `/aggregation?interval=${interval}&startDate=${from}&endDate=${to}&timeZone=${timeZone}&groupBy=both`,
});

const text = "x".repeat(12_000);

export const QUESTIONS: readonly Shape[] = [
  range("month", "1000-01-01", "2600-01-01", "Africa/Casablanca"),
  range("month", "1000-01-01", "1099-12-31", "Africa/Casablanca"),
  range("month", "1987-01-01", "2086-12-31", "Africa/Casablanca"),
  range("week", "1850-01-01", "1890-01-01", "Europe/Berlin"),
  range("day", "1850-01-01", "1860-12-01", "Europe/Berlin"),
  range("day", "2015-01-01", "2025-12-01", "Pacific/Apia"),
  range("hour", "1880-01-01", "1881-02-18", "Europe/Berlin"),
  range("hour", "2025-12-01", "2027-01-01", "Asia/Kathmandu"),
  range("hour", "0001-01-01", "9999-01-01", "UTC"),
  { name: "a list", path: "/events?limit=1000" },
  { name: "a list far behind", path: "/events?limit=1000&skip=10000" },
  { name: "a long filter", path: `/events?metric=${text}` },
  { name: "a long zone", path: `/aggregation?timeZone=${text}` },
  { name: "a long time", path: `/events?startDate=${"0".repeat(12_000)}` },
  { name: "a long cursor", path: `/events?cursor=${text}` },
  { name: "a long cursor of totals", path: `/aggregation?limit=1&cursor=${text}` },
  { name: "a long id", path: `/events/${text}` },
  { name: "reasons", path: "/events/reasons" },
  { name: "totals", path: "/aggregation?groupBy=both" },
  { name: "the greatest totals", path: "/aggregation?groupBy=both&orderBy=sum&limit=10000" },
  { name: "replay of parked events, dry", method: "POST", path: "/events/replay?all=true&dryRun=true" },
  { name: "replay of parked events", method: "POST", path: "/events/replay?all=true" },
];

import { quoted } from "../quoted.js";
import { isObject, type RawObject } from "./field-lookup.js";
import type { Reading } from "./reading.js";

/**
 * Usual names for the array of events in an envelope, in lower case. The names of the mapping's containers are added.
 */
const USUAL_NAMES = [
  ...[
    "batch",
    "batches",
    "data",
    "entries",
    "events",
    "hits",
    "items",
    "list",
    "logs",
    "messages",
    "metrics",
  ],
  ...["payload", "points", "records", "results", "rows", "samples"],
];

/** Metrics that describe an envelope instead of an event. */
const ENVELOPE_METRICS: ReadonlySet<string> = new Set(
  ["batch", "bulk", "collection", "envelope", "events", "list"].flatMap((word) => [
    word,
    word.toUpperCase(),
    `${word.charAt(0).toUpperCase()}${word.slice(1)}`,
  ]),
);

/** Names of an amount that is often the number of events in an envelope. */
const COUNT_NAMES: ReadonlySet<string> = new Set(["count", "quantity", "total"]);

/** Maximum number of array elements that are checked. */
const LOOKED_AT = 100;

/** The names by which an envelope is recognized. `arrays` is in lower case. */
export interface EnvelopeNames {
  readonly arrays: ReadonlySet<string>;
  readonly metric: readonly string[];
  readonly amount: readonly string[];
}

/** An array inside an event that may contain events. */
interface Candidate {
  readonly path: string;
  readonly isUsual: boolean;
  readonly elements: readonly unknown[];
}

export function envelopeNames(
  containers: readonly string[],
  metric: readonly string[],
  amount: readonly string[],
): EnvelopeNames {
  const arrays = [...USUAL_NAMES, ...containers].map((name) => name.toLowerCase());
  return { arrays: new Set(arrays), metric, amount };
}

/** Returns whether an event has a metric that does not describe an envelope. Such an event is not an envelope. */
export function isNamed({ metric, metricFrom }: Reading): boolean {
  return metricFrom !== "default" && !ENVELOPE_METRICS.has(metric);
}

/**
 * Returns the path of the events if a raw event without a metric looks like an envelope, or `undefined`. It looks like an
 * envelope if it has an array that may contain events, and no other field that makes it one event. A count does not make
 * it one event.
 */
export function envelopePath(reading: Reading, names: EnvelopeNames): string | undefined {
  let found: Candidate | undefined;
  for (const candidate of candidatesIn(reading.raw, names.arrays))
    if (isEnvelope(candidate, reading, names) && comesBefore(candidate, found)) found = candidate;
  return found?.path;
}

/** Returns the message for an envelope that the mapping does not unwrap. */
export function envelopeMessage(path: string): string {
  return `the event has objects in ${quoted(path)} and no metric of its own, so it may be an envelope of several events; set the mapping's \`unwrap: ${JSON.stringify(path)}\` to count each of them, or \`unwrap: false\` to count it as one event`;
}

function isEnvelope({ isUsual, elements }: Candidate, reading: Reading, names: EnvelopeNames): boolean {
  const { amount, amountFrom } = reading;
  const hasAmount = amount !== "" && amountFrom !== "default";
  if (elements.length === 0) return isUsual && (!hasAmount || amount === "0");
  const have = (members: readonly string[]) =>
    elements.slice(0, LOOKED_AT).some((each) => hasAny(each, members));
  if (!isUsual) return hasAmount || hasOwnMark(reading) ? have(names.metric) && have(names.amount) : true;
  if (!hasAmount || amount === String(elements.length)) return true;
  return COUNT_NAMES.has(lastStep(amountFrom)) || have(names.amount) || have(names.metric);
}

/**
 * A usual name comes before other names. If both or neither are usual, the paths are compared, so that the order of
 * members does not matter.
 */
function comesBefore({ isUsual, path }: Candidate, other: Candidate | undefined): boolean {
  if (other === undefined || isUsual !== other.isUsual) return other === undefined || isUsual;
  return path < other.path;
}

/** Returns whether an event has its own valid timestamp or key. */
function hasOwnMark({ timestampFrom, idempotencyKeyFrom }: Reading): boolean {
  const isStamped = timestampFrom !== "" && timestampFrom !== "receipt";
  return isStamped || (idempotencyKeyFrom !== "" && idempotencyKeyFrom !== "caller");
}

/**
 * Finds arrays with objects at the top level and one level deeper. An empty array is included only if it has a usual
 * name.
 */
function* candidatesIn(raw: RawObject, usual: ReadonlySet<string>): Generator<Candidate> {
  for (const [name, value] of entriesByName(raw)) {
    if (Array.isArray(value)) yield* candidate(name, name, value, usual);
    else if (isObject(value))
      for (const [inner, each] of entriesByName(value))
        if (Array.isArray(each)) yield* candidate(inner, `${name}.${inner}`, each, usual);
  }
}

function* candidate(
  name: string,
  path: string,
  elements: readonly unknown[],
  usual: ReadonlySet<string>,
): Generator<Candidate> {
  const isUsual = usual.has(name.toLowerCase());
  // no option can name an empty path
  if (path === "") return;
  if (elements.length === 0 ? isUsual : elements.slice(0, LOOKED_AT).some(isObject))
    yield { path, isUsual, elements };
}

function entriesByName(object: RawObject): [string, unknown][] {
  return Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));
}

function hasAny(element: unknown, names: readonly string[]): boolean {
  return isObject(element) && names.some((name) => Object.hasOwn(element, name));
}

function lastStep(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

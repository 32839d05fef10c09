import { withDecodedData } from "../cloud-event/encoded-data.js";
import type { IdentifyingJson } from "../identity/canonical-json.js";
import type { Field, Issue } from "../issue.js";
import type { Problem } from "../problem.js";
import { quoted } from "../quoted.js";
import { cutToMicros, isBeyondMicros } from "../time/exact-timestamp.js";
import { TimestampReader, timestampMs } from "../time/timestamp.js";
import { parseAmount } from "./amount.js";
import { checkMapping } from "./check-mapping.js";
import { type CompiledDimension, compiledDimensions } from "./dimensions.js";
import { distinguishing } from "./distinguishing.js";
import { envelopeMessage, envelopeNames, envelopePath, isNamed } from "./envelope.js";
import { FieldLookup, Found, isObject, type RawObject } from "./field-lookup.js";
import { type FieldNames, fieldNames } from "./field-names.js";
import { DEFAULT_EARLIEST, DEFAULT_LATEST, type Mapping } from "./mapping.js";
import { brokenRules } from "./metric-rules.js";
import type { NormalizeContext, Normalized, NotNormalized } from "./normalized.js";
import { Provenances } from "./provenances.js";
import { Reading } from "./reading.js";
import { Shapes } from "./shape.js";
import { parseText, parseUnit } from "./text.js";

/** Normalizes a raw event. Pure: the same event and context yield the same result. Never throws on data. */
export type Normalize = (raw: unknown, context: NormalizeContext) => Normalized | NotNormalized;

/**
 * Returns a function that normalizes raw events with a mapping, for use without a store.
 *
 * @throws TypeError if the mapping is not valid
 *
 * @example
 * const normalize = createNormalize({ fields: { amount: "net" } });
 * const result = normalize({ client: "shop", net: "19.90" }, { receivedAt: new Date().toISOString() });
 * if (result.outcome === "normalized") console.log(result.event.amount); // 19.9
 */
export function createNormalize(mapping: Mapping = {}): Normalize {
  checkMapping("mapping", mapping);
  return compiledNormalize(mapping);
}

/** Compiles a checked mapping once, so that normalizing an event needs only lookups. */
export function compiledNormalize(mapping: Mapping, names = fieldNames(mapping)): Normalize {
  const normalizer = new Normalizer(mapping, names);
  return (raw, context) => normalizer.normalize(raw, context);
}

type Parse = (value: unknown) => string | Problem;

const parseClientId: Parse = (value) => parseText(value, "clientId", "client_id_invalid");
const parseMetric: Parse = (value) => parseText(value, "metric", "metric_invalid");
const parseKey: Parse = (value) => parseText(value, "idempotencyKey", "idempotency_key_invalid");

/** Where a field is looked up. */
interface FieldSource {
  readonly field: Field;
  readonly lookup: FieldLookup;
  readonly fallback: FieldLookup | undefined;
}

class Normalizer {
  readonly #mapping: Mapping;
  readonly #names: FieldNames;
  readonly #shapes: Shapes;
  readonly #sources: Readonly<Record<Field, FieldSource>>;
  /** Finds the client that an event names, to compare it with the vouched client. */
  readonly #contradicting: FieldLookup;
  readonly #parseAmount: Parse;
  readonly #parseTimestamp: Parse;
  readonly #envelopeNames: ReturnType<typeof envelopeNames> | undefined;
  readonly #dimensions: readonly CompiledDimension[];
  readonly #provenances: Provenances;
  /**
   * The current field, reused for every lookup. Read its members before calling application code: that code may call
   * `normalize` and overwrite them.
   */
  readonly #found = new Found();

  constructor(mapping: Mapping, names: FieldNames) {
    const { containers, contradicting, fallbacks } = names;
    const skipsEmpty = mapping.empty === "absent";
    const lookups: FieldLookup[] = [];
    const lookup = (aliases: readonly string[], inside = containers): FieldLookup => {
      const each = new FieldLookup(aliases, inside, skipsEmpty, lookups.length);
      lookups.push(each);
      return each;
    };
    const source = (field: Field): FieldSource => {
      const fallback = fallbacks[field];
      return {
        field,
        lookup: lookup(names.names[field]),
        fallback: fallback === undefined ? undefined : lookup([fallback], []),
      };
    };
    this.#mapping = mapping;
    this.#names = names;
    this.#contradicting = lookup(contradicting, mapping.fields?.clientId === undefined ? [] : containers);
    const timestamps = new TimestampReader({
      ...mapping,
      formats: mapping.timestampFormats,
      earliest: mapping.earliest ?? DEFAULT_EARLIEST,
      latest: mapping.latest ?? DEFAULT_LATEST,
    });
    this.#parseTimestamp = (value) => timestamps.read(value);
    this.#parseAmount = (value) => parseAmount(value, mapping.amount);
    const { unwrap } = mapping;
    if (unwrap !== false)
      this.#envelopeNames = envelopeNames(containers, names.names.metric, names.names.amount);
    this.#dimensions = compiledDimensions(mapping, lookup);
    this.#provenances = new Provenances(this.#dimensions.map(({ key }) => key));
    this.#sources = {
      clientId: source("clientId"),
      metric: source("metric"),
      amount: source("amount"),
      unit: source("unit"),
      timestamp: source("timestamp"),
      idempotencyKey: source("idempotencyKey"),
    };
    this.#shapes = new Shapes(lookups, containers);
  }

  normalize(raw: unknown, context: NormalizeContext): Normalized | NotNormalized {
    try {
      if (!isObject(raw)) return notAnObject(raw);
      if (!this.#names.isCloudEvent) return this.#read(raw, raw, context);
      const decoded = withDecodedData(raw);
      return "issue" in decoded ? refusedWhole(decoded.issue) : this.#read(decoded.event, raw, context);
    } catch {
      return unreadable();
    }
  }

  /** @param raw - the event to read. @param sent - the original event, for identity and rules */
  #read(raw: RawObject, sent: RawObject, context: NormalizeContext): Normalized | NotNormalized {
    const reading = new Reading(raw, context, this.#shapes);
    this.#readClientId(reading);
    this.#readMetric(reading);
    this.#readAmount(reading);
    this.#readUnit(reading);
    if (this.#dimensions.length > 0) this.#readDimensions(reading);
    const keyed = this.#readIdempotencyKey(reading);
    const stamped = this.#readTimestamp(reading);
    if (!isNamed(reading)) {
      const envelope = this.#envelope(reading);
      if (envelope !== undefined) return envelope;
    }
    const identifying = this.#distinguishing(reading, sent);
    this.#applyRules(reading, sent);
    const provenance = this.#provenances.of(reading);
    const { issues, exactTimestamp } = reading;
    if (issues === null) {
      const event = reading.event();
      const distinguishing = identifying === null ? null : identifying.json;
      const formerDistinguishing = identifying?.former;
      return {
        outcome: "normalized",
        event,
        provenance,
        stamped,
        exactTimestamp,
        distinguishing,
        formerDistinguishing,
      };
    }
    const keyIsWrong = keyed && reading.idempotencyKey === "";
    return { outcome: "rejected", event: reading.readable(keyIsWrong), provenance, issues };
  }

  #readClientId(reading: Reading): void {
    const caller = reading.context.clientId;
    const { clientId } = this.#sources;
    const lookup = caller === undefined ? clientId.lookup : this.#contradicting;
    if (this.#findBy(lookup, "clientId", reading)) {
      const text = this.#parsed(lookup, reading, parseClientId);
      const { path } = this.#found;
      reading.take("clientId", path, text);
      if (typeof text === "string" && caller !== undefined && text !== caller) {
        const message = `clientId ${quoted(text)} does not match the caller's, ${quoted(caller)}; leave the field out or send your own`;
        reading.refuse({ code: "client_id_mismatch", path, message });
      }
      return;
    }
    if (caller !== undefined) return reading.take("clientId", "caller", caller);
    const fallback = this.#mapping.defaults?.clientId;
    if (fallback !== undefined) return reading.take("clientId", "default", fallback);
    const remedy = "name the client, or set the mapping's `defaults.clientId`";
    reading.refuse(this.#missing("clientId", "client_id_missing", remedy));
  }

  #readMetric(reading: Reading): void {
    if (!this.#find(this.#sources.metric, reading))
      return reading.take("metric", "default", this.#mapping.defaults?.metric ?? "unknown");
    const metric = this.#parsed(this.#sources.metric.lookup, reading, parseMetric);
    reading.take("metric", this.#found.path, metric);
  }

  #readAmount(reading: Reading): void {
    if (this.#find(this.#sources.amount, reading)) {
      const amount = this.#parsed(this.#sources.amount.lookup, reading, this.#parseAmount);
      return reading.take("amount", this.#found.path, amount);
    }
    const fallback = this.#mapping.defaults?.amount;
    if (fallback !== undefined) return reading.take("amount", "default", parseAmount(fallback));
    const remedy = 'send one, or set the mapping\'s `defaults.amount` to a constant such as "1"';
    reading.refuse(this.#missing("amount", "amount_missing", remedy));
  }

  /** Reads the unit of an amount that the event has. A default amount has no unit in the event. */
  #readUnit(reading: Reading): void {
    if (reading.amountFrom !== "default" && this.#find(this.#sources.unit, reading)) {
      const unit = this.#parsed(this.#sources.unit.lookup, reading, parseUnit);
      return reading.take("unit", this.#found.path, unit);
    }
    const fallback = this.#mapping.defaults?.unit;
    if (fallback !== undefined) reading.take("unit", "default", fallback);
  }

  #readDimensions(reading: Reading): void {
    for (const { name, key, lookup, parse } of this.#dimensions) {
      if (!this.#isFound(lookup, reading)) continue;
      if (this.#mapping.ambiguous === "reject") this.#refuseRival(lookup, key, reading);
      const value = this.#parsed(lookup, reading, parse);
      reading.takeDimension(name, this.#found.path, value);
    }
  }

  /** Reads the key. Returns whether there is one, valid or not. */
  #readIdempotencyKey(reading: Reading): boolean {
    const isItsOwn = this.#find(this.#sources.idempotencyKey, reading);
    if (isItsOwn) {
      const key = this.#parsed(this.#sources.idempotencyKey.lookup, reading, parseKey);
      reading.take("idempotencyKey", this.#found.path, key);
      return true;
    }
    const key = reading.context.idempotencyKey;
    if (key !== undefined) reading.take("idempotencyKey", "caller", parseKey(key));
    return key !== undefined;
  }

  /** Reads the timestamp. Returns whether the event has one, valid or not. */
  #readTimestamp(reading: Reading): boolean {
    if (this.#find(this.#sources.timestamp, reading)) {
      const exact = this.#parsed(this.#sources.timestamp.lookup, reading, this.#parseTimestamp);
      const { path } = this.#found;
      if (typeof exact !== "string") reading.take("timestamp", path, exact);
      else this.#takeTimestamp(reading, exact, path);
      return true;
    }
    const { defaults, unstamped } = this.#mapping;
    const keyed = reading.idempotencyKey !== "" || reading.context.keyFollows === true;
    if (defaults?.timestamp === "reject" || (unstamped === "reject" && !keyed)) {
      const remedy = "send one, or an idempotency key if the mapping allows events without a timestamp";
      reading.refuse(this.#missing("timestamp", "timestamp_missing", remedy));
    } else {
      reading.take("timestamp", "receipt", reading.context.receivedAt);
    }
    return false;
  }

  #takeTimestamp(reading: Reading, exact: string, path: string): void {
    const timestamp = cutToMicros(exact);
    if (isBeyondMicros(exact)) reading.exactTimestamp = exact;
    reading.take("timestamp", path, timestamp);
    this.#checkDistance(reading, timestamp, path);
  }

  #checkDistance(reading: Reading, timestamp: string, path: string): void {
    const { maxAheadMs, maxAgeMs } = this.#mapping;
    if (maxAheadMs === undefined && maxAgeMs === undefined) return;
    const ahead = timestampMs(timestamp) - timestampMs(reading.context.receivedAt);
    if (maxAheadMs !== undefined && ahead > maxAheadMs) {
      reading.refuse({
        code: "timestamp_too_far_ahead",
        path,
        message: `timestamp ${timestamp} is ${ahead} ms after the time of receipt; the limit is ${maxAheadMs}`,
      });
    }
    if (maxAgeMs !== undefined && -ahead > maxAgeMs) {
      reading.refuse({
        code: "timestamp_too_old",
        path,
        message: `timestamp ${timestamp} is ${-ahead} ms before the time of receipt; the limit is ${maxAgeMs}`,
      });
    }
  }

  /** Returns the result for an event that looks like an envelope, or `undefined`. The result has only the client. */
  #envelope(reading: Reading): NotNormalized | undefined {
    const names = this.#envelopeNames;
    const path = names && envelopePath(reading, names);
    if (path === undefined) return undefined;
    const { clientId, clientIdFrom } = reading;
    const issues: readonly Issue[] = [{ code: "event_is_envelope", path, message: envelopeMessage(path) }];
    const [event, provenance] = clientId === "" ? [{}, {}] : [{ clientId }, { clientId: clientIdFrom }];
    return { outcome: "rejected", event, provenance, issues };
  }

  #distinguishing(reading: Reading, sent: RawObject): IdentifyingJson | null {
    const { identity } = this.#mapping;
    if (identity === undefined) return null;
    const json = distinguishing(identity, identity === "raw" ? sent : reading.raw, reading.containers);
    if ("json" in json) return json;
    reading.refuse({ ...json, path: "" });
    return null;
  }

  #applyRules(reading: Reading, sent: RawObject): void {
    if (this.#mapping.rules === undefined || reading.metric === "") return;
    for (const issue of brokenRules(this.#mapping.rules, reading.metric, sent)) reading.refuse(issue);
  }

  #find({ field, lookup, fallback }: FieldSource, reading: Reading): boolean {
    if (this.#findBy(lookup, field, reading)) return true;
    return fallback !== undefined && this.#isFound(fallback, reading);
  }

  #isFound(lookup: FieldLookup, { raw, containers, aliases, contained }: Reading): boolean {
    const { index } = lookup;
    return lookup.first(raw, containers, this.#found, aliases[index], contained?.[index]);
  }

  #findBy(lookup: FieldLookup, field: Field, reading: Reading): boolean {
    if (!this.#isFound(lookup, reading)) return false;
    if (this.#mapping.ambiguous === "reject") this.#refuseRival(lookup, field, reading);
    return true;
  }

  #refuseRival(lookup: FieldLookup, field: string, reading: Reading): void {
    const { path } = this.#found;
    const rival = lookup.rival(reading.raw, reading.containers, this.#found);
    if (rival === undefined) return;
    const message = `${field} has different values at ${quoted(path)} and ${quoted(rival)}; send only one`;
    reading.refuse({ code: "field_ambiguous", path, message });
  }

  /**
   * Parses the value that was found. If the value cannot be read and the mapping has `unreadable: "next"`, the next
   * readable value is used.
   */
  #parsed(lookup: FieldLookup, { raw, containers }: Reading, parse: Parse): string | Problem {
    const found = this.#found;
    const parsed = parse(found.value);
    if (typeof parsed === "string" || this.#mapping.unreadable !== "next") return parsed;
    for (const { value, path } of lookup.all(raw, containers)) {
      const next = parse(value);
      if (typeof next !== "string") continue;
      found.set(value, path);
      return next;
    }
    return parsed;
  }

  #missing(field: Field, code: Issue["code"], remedy: string): Issue {
    const names = this.#names.names[field].join(", ");
    return { code, path: "", message: `no ${field} found (looked for ${names}); ${remedy}` };
  }
}

function notAnObject(raw: unknown): NotNormalized {
  return refusedWhole(notPlain(`the event is ${quoted(raw)}; send a JSON object`));
}

/** Returns the result for an event whose getter or proxy threw. Such an event is not plain data. */
function unreadable(): NotNormalized {
  return refusedWhole(notPlain("the event throws when it is read; send plain data"));
}

function notPlain(message: string): Issue {
  return { code: "event_not_an_object", path: "", message };
}

function refusedWhole(issue: Issue): NotNormalized {
  return { outcome: "rejected", event: {}, provenance: {}, issues: [issue] };
}

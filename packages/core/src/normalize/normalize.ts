import type { CanonicalEvent } from "../event.js";
import type { Field, Issue } from "../issue.js";
import { parseTimestamp, timestampMs } from "../time/timestamp.js";
import { parseAmount } from "./amount.js";
import { distinguishing } from "./distinguishing.js";
import { type Boxes, FieldLookup, type Found, isObject, openBoxes, type RawObject } from "./field-lookup.js";
import { DEFAULT_CONTAINERS, type Mapping, namesOf } from "./mapping.js";
import { brokenRules } from "./metric-rules.js";
import type { NormalizeContext, Normalized, NotNormalized } from "./normalized.js";
import type { Problem } from "./problem.js";
import { quoted } from "./quoted.js";
import { parseText } from "./text.js";

/** Pure: the same raw event and context yield the same answer. Never throws on data. */
export type Normalize = (raw: unknown, context: NormalizeContext) => Normalized | NotNormalized;

/** Compiles a mapping once, so that an event costs look-ups and nothing else. The mapping must have been checked. */
export function createNormalize(mapping: Mapping = {}): Normalize {
  const normalizer = new Normalizer(mapping);
  return (raw, context) => normalizer.normalize(raw, context);
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** One event being read. */
interface Reading {
  readonly raw: RawObject;
  readonly boxes: Boxes;
  readonly context: NormalizeContext;
  readonly event: Partial<Writable<CanonicalEvent>>;
  readonly provenance: { [F in Field]?: string };
  readonly issues: Issue[];
}

class Normalizer {
  readonly #mapping: Mapping;
  readonly #containers: readonly string[];
  readonly #lookups: Readonly<Record<Field, FieldLookup>>;
  readonly #timestampRules: {
    readonly timeZone: string;
    readonly formats: NonNullable<Mapping["timestampFormats"]>;
  };

  constructor(mapping: Mapping) {
    const containers = mapping.containers ?? DEFAULT_CONTAINERS;
    const lookup = (field: Field) => new FieldLookup(namesOf(field, mapping), containers);
    this.#mapping = mapping;
    this.#containers = containers;
    this.#timestampRules = { timeZone: mapping.timeZone ?? "UTC", formats: mapping.timestampFormats ?? [] };
    this.#lookups = {
      clientId: lookup("clientId"),
      metric: lookup("metric"),
      amount: lookup("amount"),
      timestamp: lookup("timestamp"),
      idempotencyKey: lookup("idempotencyKey"),
    };
  }

  normalize(raw: unknown, context: NormalizeContext): Normalized | NotNormalized {
    if (!isObject(raw)) return notAnObject(raw);
    const boxes = openBoxes(raw, this.#containers);
    const reading: Reading = { raw, boxes, context, event: {}, provenance: {}, issues: [] };
    this.#readClientId(reading);
    this.#readMetric(reading);
    this.#readAmount(reading);
    this.#readIdempotencyKey(reading);
    const stamped = this.#readTimestamp(reading);
    const distinguishing = this.#distinguishing(reading);
    this.#applyRules(reading);
    const { event, provenance, issues } = reading;
    if (issues.length > 0) return { outcome: "rejected", event, provenance, issues };
    return { outcome: "normalized", event: complete(event), provenance, stamped, distinguishing };
  }

  #readClientId(reading: Reading): void {
    const found = this.#find("clientId", reading);
    const caller = reading.context.clientId;
    if (found !== undefined) {
      const text = parseText(found.value, "clientId", "client_id_invalid");
      accept(reading, "clientId", found.path, text);
      if (typeof text === "string" && caller !== undefined && text !== caller) {
        const message = `clientId ${quoted(text)} is not the caller's, ${quoted(caller)}; leave the field out or send your own`;
        reading.issues.push({ code: "client_id_mismatch", path: found.path, message });
      }
      return;
    }
    if (caller !== undefined) return accept(reading, "clientId", "caller", caller);
    const fallback = this.#mapping.defaults?.clientId;
    if (fallback !== undefined) return accept(reading, "clientId", "default", fallback);
    reading.issues.push(
      this.#missing(
        "clientId",
        "client_id_missing",
        "name the client, or set the mapping's `defaults.clientId`",
      ),
    );
  }

  #readMetric(reading: Reading): void {
    const found = this.#find("metric", reading);
    if (found === undefined)
      return accept(reading, "metric", "default", this.#mapping.defaults?.metric ?? "unknown");
    accept(reading, "metric", found.path, parseText(found.value, "metric", "metric_invalid"));
  }

  #readAmount(reading: Reading): void {
    const found = this.#find("amount", reading);
    if (found !== undefined)
      return accept(reading, "amount", found.path, parseAmount(found.value, this.#mapping.amount));
    const fallback = this.#mapping.defaults?.amount;
    if (fallback !== undefined) return accept(reading, "amount", "default", parseAmount(fallback));
    reading.issues.push(
      this.#missing(
        "amount",
        "amount_missing",
        'send one, or set the mapping\'s `defaults.amount` to a constant such as "1"',
      ),
    );
  }

  #readIdempotencyKey(reading: Reading): void {
    const found = this.#find("idempotencyKey", reading);
    const given = reading.context.idempotencyKey;
    if (found !== undefined) {
      accept(
        reading,
        "idempotencyKey",
        found.path,
        parseText(found.value, "idempotencyKey", "idempotency_key_invalid"),
      );
    } else if (given !== undefined) {
      accept(
        reading,
        "idempotencyKey",
        "caller",
        parseText(given, "idempotencyKey", "idempotency_key_invalid"),
      );
    } else {
      reading.event.idempotencyKey = null;
    }
  }

  /** Whether the event said when it happened, readable or not. */
  #readTimestamp(reading: Reading): boolean {
    const found = this.#find("timestamp", reading);
    if (found !== undefined) {
      const timestamp = parseTimestamp(found.value, this.#timestampRules);
      accept(reading, "timestamp", found.path, timestamp);
      if (typeof timestamp === "string") this.#checkDistance(reading, timestamp, found.path);
      return true;
    }
    const { defaults, unstamped } = this.#mapping;
    const keyed = typeof reading.event.idempotencyKey === "string" || reading.context.keyFollows === true;
    if (defaults?.timestamp === "reject" || (unstamped === "reject" && !keyed)) {
      reading.issues.push(
        this.#missing(
          "timestamp",
          "timestamp_missing",
          "say when it happened, or send an idempotency key if the mapping allows events without a time",
        ),
      );
    } else {
      accept(reading, "timestamp", "receipt", reading.context.receivedAt);
    }
    return false;
  }

  #checkDistance({ context, issues }: Reading, timestamp: string, path: string): void {
    const { maxAheadMs, maxAgeMs } = this.#mapping;
    if (maxAheadMs === undefined && maxAgeMs === undefined) return;
    const ahead = timestampMs(timestamp) - timestampMs(context.receivedAt);
    if (maxAheadMs !== undefined && ahead > maxAheadMs) {
      issues.push({
        code: "timestamp_too_far_ahead",
        path,
        message: `timestamp ${timestamp} lies ${ahead} ms after its receipt; the limit is ${maxAheadMs}`,
      });
    }
    if (maxAgeMs !== undefined && -ahead > maxAgeMs) {
      issues.push({
        code: "timestamp_too_old",
        path,
        message: `timestamp ${timestamp} lies ${-ahead} ms before its receipt; the limit is ${maxAgeMs}`,
      });
    }
  }

  #distinguishing({ raw, issues }: Reading): string | null {
    const { identity } = this.#mapping;
    if (identity === undefined) return null;
    const json = distinguishing(identity, raw);
    if (typeof json === "string") return json;
    issues.push({ ...json, path: "" });
    return null;
  }

  #applyRules({ raw, event, issues }: Reading): void {
    if (this.#mapping.rules === undefined || event.metric === undefined) return;
    issues.push(...brokenRules(this.#mapping.rules, event.metric, raw));
  }

  #find(field: Field, { raw, boxes, issues }: Reading): Found | undefined {
    const lookup = this.#lookups[field];
    const found = lookup.first(raw, boxes);
    if (found === undefined || this.#mapping.ambiguous !== "reject") return found;
    const rival = lookup.rival(raw, boxes, found);
    if (rival !== undefined) {
      const message = `${field} stands at ${quoted(found.path)} and, with another value, at ${quoted(rival.path)}; send one`;
      issues.push({ code: "field_ambiguous", path: found.path, message });
    }
    return found;
  }

  #missing(field: Field, code: Issue["code"], remedy: string): Issue {
    const names = namesOf(field, this.#mapping).join(", ");
    return { code, path: "", message: `no ${field} found (looked for ${names}); ${remedy}` };
  }
}

function accept(reading: Reading, field: Field, path: string, value: string | Problem): void {
  if (typeof value !== "string") {
    reading.issues.push({
      code: value.code,
      path: path === "caller" || path === "default" ? "" : path,
      message: value.message,
    });
    return;
  }
  reading.event[field] = value;
  reading.provenance[field] = path;
}

function complete(event: Partial<CanonicalEvent>): CanonicalEvent {
  return event as CanonicalEvent;
}

function notAnObject(raw: unknown): NotNormalized {
  const message = `the event is ${quoted(raw)}; send a JSON object`;
  return {
    outcome: "rejected",
    event: {},
    provenance: {},
    issues: [{ code: "event_not_an_object", path: "", message }],
  };
}

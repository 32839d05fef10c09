import type { Field } from "../issue.js";
import type { TimestampFormat } from "../time/timestamp.js";
import type { AmountFormat } from "./amount.js";
import type { MetricRules } from "./metric-rules.js";

/** How raw events of one kind are read. Every member has a default; the README has the table of names. */
export interface Mapping {
  /**
   * Where a field stands, in place of its aliases: a name or several, the first present one wins. A plain name is
   * looked for in the containers, then at the top; a dotted path (`properties.net`) leads from the top.
   */
  readonly fields?: Readonly<Partial<Record<Field, string | readonly string[]>>>;
  /** Objects inside the event that may hold the fields. @defaultValue `["payload", "data", "properties", "attributes"]` */
  readonly containers?: readonly string[];
  /** What two present names of one field with different values mean. @defaultValue "first" */
  readonly ambiguous?: "first" | "reject";
  /** What an absent field is. */
  readonly defaults?: FieldDefaults;
  /** How amounts are written as text. */
  readonly amount?: AmountFormat;
  /** The IANA zone of timestamps without an offset. @defaultValue "UTC" */
  readonly timeZone?: string;
  /** Further ways to write a timestamp, tried where no built-in one fits. */
  readonly timestampFormats?: readonly TimestampFormat[];
  /** How far after its receipt an event may lie, in milliseconds. Default: any. */
  readonly maxAheadMs?: number;
  /** How far before its receipt an event may lie, in milliseconds. Default: any. */
  readonly maxAgeMs?: number;
  /** For each metric a Standard Schema validator over the raw event. */
  readonly rules?: MetricRules;
  /** What takes part in an identity besides the canonical content: further fields by dotted path, or the whole raw event. */
  readonly identity?: "raw" | { readonly fields: readonly string[] };
  /** How an event with neither key nor timestamp is recognised. @defaultValue "window" */
  readonly unstamped?: "window" | "reject" | "count-each";
  /** With `unstamped: "window"`: how long its claim lasts, in milliseconds. @defaultValue 300_000 */
  readonly windowMs?: number;
}

export interface FieldDefaults {
  /** Default: the caller's own, else rejected. */
  readonly clientId?: string;
  /** @defaultValue "unknown" */
  readonly metric?: string;
  /** Default: rejected. `"1"` counts occurrences. */
  readonly amount?: string;
  /** The time of receipt, or rejected. @defaultValue "receipt" */
  readonly timestamp?: "receipt" | "reject";
}

/** Tried in this order; the first that is present and not null wins. */
const DEFAULT_ALIASES: Readonly<Record<Field, readonly string[]>> = {
  clientId: ["clientId", "client_id", "source", "client", "origin"],
  metric: ["metric", "event_type", "eventType", "event", "type", "name"],
  amount: ["amount", "value", "count", "quantity", "total", "price"],
  timestamp: ["timestamp", "time", "date", "created_at", "createdAt", "occurred_at", "ts"],
  idempotencyKey: ["idempotencyKey", "idempotency_key", "eventId", "event_id", "messageId", "message_id"],
};

/** Where a field is looked for. */
export function namesOf(field: Field, { fields }: Mapping): readonly string[] {
  return [fields?.[field] ?? DEFAULT_ALIASES[field]].flat();
}

export const DEFAULT_CONTAINERS: readonly string[] = ["payload", "data", "properties", "attributes"];

/**
 * A CloudEvent (https://cloudevents.io, 1.0) names its attributes itself; everything else is as in the mapping.
 * `source` and `id` together identify an event, which is what a client's key does.
 */
export function cloudEventMapping(mapping: Mapping): Mapping {
  return {
    ...mapping,
    fields: {
      ...mapping.fields,
      clientId: "source",
      metric: "type",
      timestamp: "time",
      idempotencyKey: "id",
    },
    containers: ["data"],
  };
}

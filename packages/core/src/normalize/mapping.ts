import type { Field } from "../issue.js";
import type { EpochOptions, EpochUnit } from "../time/epoch.js";
import type { TimestampFormat } from "../time/timestamp.js";
import type { AmountFormat } from "./amount-format.js";
import type { MetricRules } from "./metric-rules.js";
import type { Unwrap } from "./unwrap.js";

/**
 * How raw events are read. Every member has a default.
 *
 * @example
 * const mapping: Mapping = {
 *   fields: { amount: ["net", "properties.total"], metric: "kind" },
 *   amount: { groupSeparator: "," },
 *   timeZone: "Europe/Berlin",
 * };
 */
export interface Mapping {
  /**
   * The names of a field, in place of the default ones. The first one that is present and not null is used. All names are
   * looked up at the top level first, and in the containers only if the top level has none of them. A dotted path
   * (`properties.net`) starts at the top level. With an empty list, the field is never read and always has its default.
   *
   * In a CloudEvent, these names come before the attributes `type`, `time` and `id`; `clientId` replaces `source`.
   */
  readonly fields?: { readonly [F in Field]?: string | readonly string[] | undefined } | undefined;
  /** Objects inside the event that are searched for fields. @defaultValue `["payload", "data", "properties", "attributes"]` */
  readonly containers?: readonly string[] | undefined;
  /**
   * Where an envelope carries its events: the dotted path of an array (`"batch"`), or a function. Each element becomes an
   * event of its own. If it has no client, metric or timestamp, it takes that of the envelope, but never its amount. The key
   * of the envelope is the key of a batch. `false`: an event that carries an array is always one event.
   * @defaultValue none: what looks like an envelope is rejected with `event_is_envelope`
   */
  readonly unwrap?: string | false | Unwrap | undefined;
  /** Whether an event with two different values for one field is rejected, or the first value is used. @defaultValue "first" */
  readonly ambiguous?: "first" | "reject" | undefined;
  /**
   * Whether a string without characters other than white space counts as absent, as an empty cell of a CSV file does, or as a
   * value that is rejected.
   * @defaultValue "value"
   */
  readonly empty?: "value" | "absent" | undefined;
  /**
   * Whether an event is rejected if the first value found for a field cannot be read, or the next name that can be read is
   * used.
   * @defaultValue "reject"
   */
  readonly unreadable?: "reject" | "next" | undefined;
  /** The values of absent fields. */
  readonly defaults?: FieldDefaults | undefined;
  /** How amounts are written in strings. */
  readonly amount?: AmountFormat | undefined;
  /** The IANA zone of timestamps without an offset. @defaultValue "UTC" */
  readonly timeZone?: string | undefined;
  /**
   * How a local time that clocks show twice is read, when they are put back: as the first instant, as the second one, or the
   * event is rejected.
   * @defaultValue "reject"
   */
  readonly repeatedLocalTime?: "first" | "second" | "reject" | undefined;
  /**
   * The meaning of zone names in timestamps: an IANA zone, or an offset, such as `{ CST: "America/Chicago", EST: "-05:00" }`.
   * Case is ignored. UTC, GMT and Z need no entry.
   * @defaultValue none: a timestamp with another name and no offset is rejected
   */
  readonly zoneNames?: Readonly<Record<string, string>> | undefined;
  /** Timestamp formats of your own. They are tried first, for numbers, too. @defaultValue none */
  readonly timestampFormats?: readonly TimestampFormat[] | undefined;
  /**
   * How numbers and digits are read as Unix time: the unit, or a range of instants.
   * @defaultValue seconds, milliseconds, microseconds or nanoseconds that are from 2000 to 2100
   */
  readonly epoch?: EpochUnit | EpochOptions | undefined;
  /**
   * Whether numbers may be Excel dates: days since 1899-12-30, or with `"1904"` since 1904-01-01, in local time. Only those in
   * the range of `epoch` are read.
   * @defaultValue false
   */
  readonly excelSerial?: boolean | "1904" | undefined;
  /**
   * The earliest timestamp that is accepted, as ISO 8601. The default rejects zero dates: the beginnings of calendars and
   * epochs, and seconds that were taken for milliseconds.
   * @defaultValue "1971-01-01T00:00:00Z"
   */
  readonly earliest?: string | undefined;
  /**
   * The latest timestamp that is accepted, as ISO 8601. The default rejects the year 9999, which stands for "never".
   * @defaultValue "9998-12-31T23:59:59.999999Z"
   */
  readonly latest?: string | undefined;
  /** Rejects events whose timestamp is later than their receipt by more than this, in milliseconds. @defaultValue no limit */
  readonly maxAheadMs?: number | undefined;
  /** Rejects events whose timestamp is earlier than their receipt by more than this, in milliseconds. @defaultValue no limit */
  readonly maxAgeMs?: number | undefined;
  /** A Standard Schema validator of the raw event for each metric. @defaultValue none */
  readonly rules?: MetricRules | undefined;
  /**
   * What belongs to the identity besides the canonical content: fields, by names as in `fields`, or the whole raw event. A number
   * and the string of its digits are the same.
   * @defaultValue nothing
   */
  readonly identity?: "raw" | { readonly fields: readonly string[] } | undefined;
  /**
   * What happens to events of one call that have equal content and no key of their own. `merge`: they are one event.
   * `ordinal`: each is an event of its own, told apart by its position among them; send the call whole again. `reject`: only
   * the first one is counted. In a batch with an `idempotencyKey`, `ordinal` is the default.
   * @defaultValue "merge"
   */
  readonly identical?: "merge" | "ordinal" | "reject" | undefined;
  /**
   * What happens to an event whose key was counted with other content. `compare`: it is a conflict. `decides`: it is a
   * duplicate whatever differs, and the first event stays. For queues that stamp each delivery with a time of its own.
   * @defaultValue "compare"
   */
  readonly key?: "compare" | "decides" | undefined;
  /**
   * What happens to an event without a key of its own whose content was counted, but whose raw event differs. `merge`: it is
   * a duplicate that names the members that differ. `conflict`: it is a conflict. It is parked either way.
   * @defaultValue "merge"
   */
  readonly sameContent?: "merge" | "conflict" | undefined;
  /**
   * How an event with neither key nor timestamp is recognized: by its content for `windowMs`; not at all (`count-each`); or
   * it is rejected.
   * @defaultValue "window"
   */
  readonly unstamped?: "window" | "reject" | "count-each" | undefined;
  /** With `unstamped: "window"`: how long the claim lasts, in milliseconds. @defaultValue 300_000 */
  readonly windowMs?: number | undefined;
}

/** The values of absent fields. */
export interface FieldDefaults {
  /** @defaultValue the vouched client; without one, the event is rejected */
  readonly clientId?: string | undefined;
  /** @defaultValue "unknown" */
  readonly metric?: string | undefined;
  /** A numeric string. `"1"` counts occurrences. @defaultValue none: the event is rejected */
  readonly amount?: string | undefined;
  /** The time of receipt, or the event is rejected. @defaultValue "receipt" */
  readonly timestamp?: "receipt" | "reject" | undefined;
}

/** The names of each field, in order. The first one that is present and not null is used. */
const DEFAULT_ALIASES: Readonly<Record<Field, readonly string[]>> = {
  clientId: ["clientId", "client_id", "source", "client", "origin"],
  metric: ["metric", "event_type", "eventType", "event", "type", "name"],
  amount: ["amount", "value", "count", "quantity", "total", "price"],
  timestamp: ["timestamp", "time", "date", "created_at", "createdAt", "occurred_at", "ts"],
  idempotencyKey: ["idempotencyKey", "idempotency_key", "eventId", "event_id", "messageId", "message_id"],
};

/** Returns the names of a field. */
export function namesOf(field: Field, { fields }: Mapping): readonly string[] {
  return [fields?.[field] ?? DEFAULT_ALIASES[field]].flat();
}

export const DEFAULT_CONTAINERS: readonly string[] = ["payload", "data", "properties", "attributes"];

/** The values of `earliest` and `latest`, if the mapping has none. */
export const DEFAULT_EARLIEST = "1971-01-01T00:00:00Z";
export const DEFAULT_LATEST = "9998-12-31T23:59:59.999999Z";

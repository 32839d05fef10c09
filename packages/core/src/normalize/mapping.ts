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
   * The names of each field, in place of the default names. evt uses the first name that is present and not null. It
   * looks up all names at the top level first. It searches the containers only if the top level has none of the names. A
   * dotted path (`properties.net`) starts at the top level. If it leads into a container, the names before it in the list
   * are searched in the containers first. With an empty list, evt does not look for the field and uses its default.
   *
   * In a CloudEvent, evt reads the attributes `type`, `time` and `id` if it finds none of these names. If `clientId` is
   * set here, evt does not read `source`.
   */
  readonly fields?: { readonly [F in Field]?: string | readonly string[] | undefined } | undefined;
  /**
   * Further strings that are stored with each event: its dimensions. Each member names a dimension and says where evt
   * reads it, as in `fields`. Up to 8 dimensions. Totals and lists can be filtered and grouped by dimensions. A
   * dimension that an event has is part of its content.
   * @defaultValue none
   *
   * @example
   * const dimensions = { plan: "properties.plan", region: ["geo.region", "region"] };
   */
  readonly dimensions?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /**
   * Objects inside the event that are searched for fields. @defaultValue `["payload", "data", "properties",
   * "attributes"]`
   */
  readonly containers?: readonly string[] | undefined;
  /**
   * How to find the events of an envelope: the dotted path of an array (`"batch"`), or a function. Each element becomes a
   * separate event. An element without a client, metric, unit or timestamp takes the envelope's value, but never the envelope's
   * amount. The envelope's key is used as a batch key. `false`: a raw event is always one event, even with an array.
   * @defaultValue none: an event that looks like an envelope is rejected with `event_is_envelope`
   */
  readonly unwrap?: string | false | Unwrap | undefined;
  /**
   * How evt handles an event with two different values for one field. `first`: evt uses the first value. `reject`: the
   * event is rejected.
   * @defaultValue "first"
   */
  readonly ambiguous?: "first" | "reject" | undefined;
  /**
   * How evt reads a string that is empty or has only white space. `value`: as a value, which is not valid. `absent`: as
   * an absent field. Use `absent` for rows of a CSV file.
   * @defaultValue "value"
   */
  readonly empty?: "value" | "absent" | undefined;
  /**
   * How evt handles a field whose first value cannot be read. `reject`: the event is rejected. `next`: evt uses the next
   * name whose value can be read, if there is one.
   * @defaultValue "reject"
   */
  readonly unreadable?: "reject" | "next" | undefined;
  /** The values that evt uses for absent fields. */
  readonly defaults?: FieldDefaults | undefined;
  /** The format of amounts in strings. */
  readonly amount?: AmountFormat | undefined;
  /** The IANA zone of timestamps without an offset. @defaultValue "UTC" */
  readonly timeZone?: string | undefined;
  /**
   * How evt reads a local time that occurs twice because clocks were put back. `first`: as the first of the two instants.
   * `second`: as the second. `reject`: the event is rejected.
   * @defaultValue "reject"
   */
  readonly repeatedLocalTime?: "first" | "second" | "reject" | undefined;
  /**
   * The meaning of each zone name in timestamps: an IANA zone or an offset, such as `{ CST: "America/Chicago", EST:
   * "-05:00" }`. Case is ignored. UTC, GMT and Z need no entry.
   * @defaultValue none: a timestamp with a zone name but no offset is rejected
   */
  readonly zoneNames?: Readonly<Record<string, string>> | undefined;
  /**
   * Your own timestamp formats. evt tries them before its own formats, for strings and for numbers.
   * @defaultValue none
   */
  readonly timestampFormats?: readonly TimestampFormat[] | undefined;
  /**
   * How evt reads numbers and digits as Unix time: the unit, or a range of instants.
   * @defaultValue the unit (seconds, milliseconds, microseconds or nanoseconds) in which the number is from 2000 to 2100
   */
  readonly epoch?: EpochUnit | EpochOptions | undefined;
  /**
   * Whether a number may be an Excel date in local time. With `true`, it counts the days since 1899-12-30. With `"1904"`,
   * it counts the days since 1904-01-01. evt reads only dates in the range of `epoch`.
   * @defaultValue false
   */
  readonly excelSerial?: boolean | "1904" | undefined;
  /**
   * The earliest accepted timestamp, as ISO 8601. The default rejects dates that usually come from a bug: the start of a
   * calendar or epoch, and seconds that were read as milliseconds.
   * @defaultValue "1971-01-01T00:00:00Z"
   */
  readonly earliest?: string | undefined;
  /**
   * The latest accepted timestamp, as ISO 8601. The default rejects the year 9999, which usually means "never".
   * @defaultValue "9998-12-31T23:59:59.999999Z"
   */
  readonly latest?: string | undefined;
  /**
   * The maximum time by which a timestamp may be after the receive time, in milliseconds. A later event is rejected.
   * @defaultValue no limit
   */
  readonly maxAheadMs?: number | undefined;
  /**
   * The maximum time by which a timestamp may be before the receive time, in milliseconds. An older event is rejected.
   * @defaultValue no limit
   */
  readonly maxAgeMs?: number | undefined;
  /** For each metric, a Standard Schema validator of the raw event. @defaultValue none */
  readonly rules?: MetricRules | undefined;
  /**
   * Further data that is part of an event's content: named raw fields, or the whole raw event. Each name is looked up at
   * the top level, then in the containers. A number equals the string of its digits.
   * @defaultValue nothing
   */
  readonly identity?: "raw" | { readonly fields: readonly string[] } | undefined;
  /**
   * How evt handles events of one call that have equal content but no key of their own. `merge`: they are one event.
   * `ordinal`: each is a separate event, which evt distinguishes by its position among the equal events. To send such a
   * call again, send all of it. `reject`: evt counts the first event and rejects the others. In a batch with an
   * `idempotencyKey`, `ordinal` is the default.
   * @defaultValue "merge"
   */
  readonly identical?: "merge" | "ordinal" | "reject" | undefined;
  /**
   * How evt handles an event whose key was already counted with different content. `compare`: the event is a conflict.
   * `decides`: the event is a duplicate regardless of its content, and the first event remains counted. Use `decides` for
   * queues that give each delivery a new timestamp.
   * @defaultValue "compare"
   */
  readonly key?: "compare" | "decides" | undefined;
  /**
   * How evt handles an event without its own key if its content was already counted but its raw event differs. `merge`:
   * the event is a duplicate, and the outcome names the members that differ. `conflict`: the event is a conflict. evt
   * parks the event in both cases.
   * @defaultValue "merge"
   */
  readonly sameContent?: "merge" | "conflict" | undefined;
  /**
   * How evt handles an event with neither key nor timestamp. `window`: evt recognizes a resend by its content for
   * `windowMs`. `count-each`: evt counts each receipt. `reject`: the event is rejected.
   * @defaultValue "window"
   */
  readonly unstamped?: "window" | "reject" | "count-each" | undefined;
  /** With `unstamped: "window"`: how long the claim lasts, in milliseconds. @defaultValue 300_000 */
  readonly windowMs?: number | undefined;
}

/** The values that evt uses for absent fields. */
export interface FieldDefaults {
  /** @defaultValue the vouched client; without one, the event is rejected */
  readonly clientId?: string | undefined;
  /** @defaultValue "unknown" */
  readonly metric?: string | undefined;
  /** A numeric string. With `"1"`, the total is the number of events. @defaultValue none: the event is rejected */
  readonly amount?: string | undefined;
  /** The unit of amounts without a unit, such as `"EUR"`. @defaultValue none: the event has no unit */
  readonly unit?: string | undefined;
  /** `receipt`: evt uses the receive time. `reject`: the event is rejected. @defaultValue "receipt" */
  readonly timestamp?: "receipt" | "reject" | undefined;
}

/** The default names of each field, in order of precedence. */
const DEFAULT_ALIASES: Readonly<Record<Field, readonly string[]>> = {
  clientId: ["clientId", "client_id", "source", "client", "origin"],
  metric: ["metric", "event_type", "eventType", "event", "type", "name"],
  amount: ["amount", "value", "count", "quantity", "total", "price"],
  unit: ["unit", "currency", "currency_code"],
  timestamp: ["timestamp", "time", "date", "created_at", "createdAt", "occurred_at", "ts"],
  idempotencyKey: ["idempotencyKey", "idempotency_key", "eventId", "event_id", "messageId", "message_id"],
};

/** Returns the names of a field. */
export function namesOf(field: Field, { fields }: Mapping): readonly string[] {
  return [fields?.[field] ?? DEFAULT_ALIASES[field]].flat();
}

export const DEFAULT_CONTAINERS: readonly string[] = ["payload", "data", "properties", "attributes"];

/** The defaults of `earliest` and `latest`. */
export const DEFAULT_EARLIEST = "1971-01-01T00:00:00Z";
export const DEFAULT_LATEST = "9998-12-31T23:59:59.999999Z";

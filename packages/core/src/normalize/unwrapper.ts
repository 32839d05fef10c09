import { causedIssue, type Field, type Issue } from "../issue.js";
import { quoted } from "../quoted.js";
import { containersOf, FieldLookup, Found, isObject, type RawObject, valueAt } from "./field-lookup.js";
import type { FieldNames } from "./field-names.js";
import type { Mapping } from "./mapping.js";
import { parseText } from "./text.js";
import type { Unwrap } from "./unwrap.js";

/** The events of an envelope, and its own key if it has one. */
export interface Unwrapped {
  readonly events: readonly unknown[];
  readonly key: string | undefined;
}

/** Unwraps a raw value. Returns `undefined` if the value is not an envelope, or an issue if it cannot be unwrapped. */
export type Unwrapper = (raw: unknown) => Unwrapped | Issue | undefined;

/**
 * The fields that an event takes from its envelope. The other two are excluded: an envelope's amount is usually a count
 * of events, and its key is a batch key. Dimensions are excluded, too.
 */
const INHERITED = ["clientId", "metric", "unit", "timestamp"] as const satisfies readonly Field[];

/** Returns the unwrapper of a mapping. `undefined` if the mapping does not unwrap. */
export function unwrapperOf(
  unwrap: Mapping["unwrap"],
  names: FieldNames,
  empty: Mapping["empty"],
): Unwrapper | undefined {
  if (unwrap === undefined || unwrap === false) return undefined;
  const find = typeof unwrap === "string" ? arrayAt(unwrap) : calling(unwrap);
  const envelope = new EnvelopeFields(names, empty === "absent");
  return (raw) => {
    try {
      const events = find(raw);
      return events === undefined || "code" in events ? events : envelope.unwrapped(raw, events);
    } catch (error) {
      return causedIssue(failed(`the envelope throws when it is read: ${messageOf(error)}`), error);
    }
  };
}

type Find = (raw: unknown) => readonly unknown[] | Issue | undefined;

/**
 * Returns a function that finds the array at a path. If the path has no value, or its value is an object, the raw value is one
 * event. An object is possible, because a name such as `data` may also be a container.
 */
function arrayAt(path: string): Find {
  return (raw) => {
    if (!isObject(raw)) return undefined;
    const value = valueAt(raw, path);
    if (value === undefined || isObject(value)) return undefined;
    if (Array.isArray(value)) return value;
    return failed(`${quoted(path)} is ${quoted(value)}; \`unwrap\` needs an array of events there`, path);
  };
}

function calling(unwrap: Unwrap): Find {
  return (raw) => {
    let events: unknown;
    try {
      events = unwrap(raw);
    } catch (error) {
      return causedIssue(failed(`\`unwrap\` threw: ${messageOf(error)}`), error);
    }
    if (events === undefined || Array.isArray(events)) return events;
    if (events instanceof Promise) events.catch(() => undefined);
    return failed(`\`unwrap\` returned ${quoted(events)}; it must return an array of events, or undefined`);
  };
}

/** Reads the fields of an envelope, and adds them to its events that lack them. */
class EnvelopeFields {
  readonly #containers: readonly string[];
  readonly #names: readonly string[];
  readonly #lookups: Readonly<Record<Field, readonly FieldLookup[]>>;
  readonly #found = new Found();

  constructor({ names, fallbacks, containers }: FieldNames, skipsEmpty: boolean) {
    this.#containers = containers;
    this.#names = [...Object.values(names).flat(), ...Object.values(fallbacks)];
    this.#lookups = Object.fromEntries(
      Object.entries(names).map(([field, each]) => {
        const fallback = fallbacks[field as Field];
        const lookup = new FieldLookup(each, containers, skipsEmpty);
        if (fallback === undefined) return [field, [lookup]];
        return [field, [lookup, new FieldLookup([fallback], [], skipsEmpty)]];
      }),
    ) as unknown as Record<Field, readonly FieldLookup[]>;
  }

  unwrapped(raw: unknown, events: readonly unknown[]): Unwrapped | Issue {
    if (!isObject(raw)) return { events, key: undefined };
    const key = this.#key(raw);
    if (typeof key === "object") return key;
    const inherited = INHERITED.flatMap((field) => this.#inherited(field, raw) ?? []);
    return { events: events.map((event) => this.#completed(event, inherited)), key };
  }

  #key(raw: RawObject): string | undefined | Issue {
    if (!this.#find("idempotencyKey", raw)) return undefined;
    const { value, path } = this.#found;
    const key = parseText(value, "idempotencyKey", "idempotency_key_invalid");
    return typeof key === "string" ? key : { ...key, path };
  }

  #inherited(field: Field, raw: RawObject): Inherited | undefined {
    if (!this.#find(field, raw)) return undefined;
    const { value, path } = this.#found;
    const name = this.#names.find(
      (each) => path === each || this.#containers.some((container) => path === `${container}.${each}`),
    );
    return name === undefined ? undefined : { field, name, value };
  }

  /** Adds the inherited fields at the top level. A name with dots is also found as a plain key, so any name works. */
  #completed(event: unknown, inherited: readonly Inherited[]): unknown {
    if (!isObject(event)) return event;
    const lacking = inherited.filter(({ field }) => !this.#find(field, event));
    if (lacking.length === 0) return event;
    return { ...event, ...Object.fromEntries(lacking.map(({ name, value }) => [name, value])) };
  }

  #find(field: Field, raw: RawObject): boolean {
    const containers = containersOf(raw, this.#containers);
    return this.#lookups[field].some((lookup) => lookup.first(raw, containers, this.#found));
  }
}

interface Inherited {
  readonly field: Field;
  readonly name: string;
  readonly value: unknown;
}

function failed(message: string, path = ""): Issue {
  return { code: "unwrap_failed", path, message };
}

const MOST_CHARS = 500;

/** Returns a short message for any thrown value, even if reading its own message throws. */
function messageOf(error: unknown): string {
  try {
    const message = error instanceof Error ? error.message : String(error);
    return message.length > MOST_CHARS ? `${message.slice(0, MOST_CHARS).toWellFormed()}…` : message;
  } catch {
    return "its error throws when it is read";
  }
}

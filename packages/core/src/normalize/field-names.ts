import type { Field } from "../issue.js";
import { DEFAULT_CONTAINERS, type Mapping, namesOf } from "./mapping.js";

/** The names by which the fields of an event are found. */
export interface FieldNames {
  readonly names: Readonly<Record<Field, readonly string[]>>;
  /** The attributes of a CloudEvent that are used if none of the names is present. */
  readonly fallbacks: Readonly<Partial<Record<Field, string>>>;
  /**
   * The names by which an event may contradict the vouched client: those that the mapping gives, anywhere, or `clientId` and
   * `client_id` at the top level. Other default names, such as `source`, often mean something else.
   */
  readonly contradicting: readonly string[];
  readonly containers: readonly string[];
  /** Whether the events are CloudEvents, whose data may be encoded. */
  readonly isCloudEvent: boolean;
}

/** The attributes that a CloudEvent (https://cloudevents.io, 1.0) has for these fields. `source` and `id` identify it. */
const ATTRIBUTES = { clientId: "source", metric: "type", timestamp: "time", idempotencyKey: "id" } as const;

/** Returns the names of a mapping. */
export function fieldNames(mapping: Mapping): FieldNames {
  const { containers = DEFAULT_CONTAINERS } = mapping;
  return {
    names: namesOfAll((field) => namesOf(field, mapping)),
    fallbacks: {},
    contradicting: contradictingNames(mapping),
    containers,
    isCloudEvent: false,
  };
}

/**
 * Returns the names of a mapping for CloudEvents. The names that the mapping gives come first. An event that has none of them
 * is read by its attributes, except for the client: `source` would be another client than the one that the mapping names.
 */
export function cloudEventNames(mapping: Mapping): FieldNames {
  const { clientId: _, ...fallbacks } = ATTRIBUTES;
  const attributes: Partial<Record<Field, string>> = ATTRIBUTES;
  return {
    names: namesOfAll((field) => {
      const attribute = mapping.fields?.[field] === undefined ? attributes[field] : undefined;
      return attribute === undefined ? namesOf(field, mapping) : [attribute];
    }),
    fallbacks,
    contradicting: contradictingNames(mapping),
    containers: ["data"],
    isCloudEvent: true,
  };
}

function contradictingNames(mapping: Mapping): readonly string[] {
  return mapping.fields?.clientId === undefined ? ["clientId", "client_id"] : namesOf("clientId", mapping);
}

function namesOfAll(names: (field: Field) => readonly string[]): FieldNames["names"] {
  return {
    clientId: names("clientId"),
    metric: names("metric"),
    amount: names("amount"),
    timestamp: names("timestamp"),
    idempotencyKey: names("idempotencyKey"),
  };
}

import type { Field } from "../issue.js";
import { DEFAULT_CONTAINERS, type Mapping, namesOf } from "./mapping.js";

/** The names by which the fields of an event are found. */
export interface FieldNames {
  readonly names: Readonly<Record<Field, readonly string[]>>;
  /** The CloudEvent attributes that evt reads if none of the names is present. */
  readonly fallbacks: Readonly<Partial<Record<Field, string>>>;
  /**
   * The names whose value must equal the vouched client. If the mapping names the client, these are its names, at any
   * level. If not, they are `clientId` and `client_id` at the top level: other default names, such as `source`, often do
   * not name a client.
   */
  readonly contradicting: readonly string[];
  readonly containers: readonly string[];
  /** Whether the events are CloudEvents. The data of a CloudEvent may be encoded. */
  readonly isCloudEvent: boolean;
}

/** The CloudEvent attributes (https://cloudevents.io, 1.0) for these fields. `source` and `id` identify a CloudEvent. */
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
 * Returns the names of a mapping for CloudEvents. If an event has none of the mapping's own names for a field, evt reads
 * the attribute. There is one exception: if the mapping names the client, `source` is not read, because it would be a
 * different client.
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
    unit: names("unit"),
    timestamp: names("timestamp"),
    idempotencyKey: names("idempotencyKey"),
  };
}

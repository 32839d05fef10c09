import type { Mapping, SelectMapping } from "@evt/core";

/** The mappings of the real data, one for each kind of record. */
export const realDataMappings = {
  earthquakes: {
    fields: {
      idempotencyKey: "id",
      clientId: "properties.net",
      amount: "properties.mag",
      timestamp: "properties.time",
      // the records have no field `metric`, so all get the default
      metric: "metric",
    },
    defaults: { metric: "earthquake" },
  },
  // no key is needed, because any two flights differ in the minute, an airport or the delay
  flights: {
    fields: { clientId: "origin", metric: "destination", amount: "delay", timestamp: "date" },
  },
} as const satisfies Record<string, Mapping>;

type Name = keyof typeof realDataMappings;

/** Selects the mapping by the fields of the record. */
export const selectRealDataMapping: SelectMapping = (raw): Name | undefined => {
  if (typeof raw !== "object" || raw === null) return undefined;
  if ("type" in raw && raw.type === "Feature" && "geometry" in raw) return "earthquakes";
  if ("origin" in raw && "destination" in raw && "delay" in raw) return "flights";
  return undefined;
};

import type { Mapping, SelectMapping } from "@evt/core";

/** How the real data is read: each kind of record in its own words. */
export const realDataMappings = {
  earthquakes: {
    fields: {
      idempotencyKey: "id",
      clientId: "properties.net",
      amount: "properties.mag",
      timestamp: "properties.time",
      // the records have no such field: all of them are earthquakes
      metric: "metric",
    },
    defaults: { metric: "earthquake" },
  },
  // a key they have not: the minute, both airports and the delay tell any two of them apart
  flights: {
    fields: { clientId: "origin", metric: "destination", amount: "delay", timestamp: "date" },
  },
} as const satisfies Record<string, Mapping>;

type Name = keyof typeof realDataMappings;

/** By shape: whoever posts such a record gets the mapping that fits it. */
export const selectRealDataMapping: SelectMapping = (raw): Name | undefined => {
  if (typeof raw !== "object" || raw === null) return undefined;
  if ("type" in raw && raw.type === "Feature" && "geometry" in raw) return "earthquakes";
  if ("origin" in raw && "destination" in raw && "delay" in raw) return "flights";
  return undefined;
};

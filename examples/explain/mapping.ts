import type { Mapping } from "@evt/core";

const mapping: Mapping = {
  unwrap: "batch",
  fields: { clientId: "shop", metric: "kind", amount: ["net", "gross"] },
  amount: { groupSeparator: ".", decimalSeparator: "," },
  timeZone: "Europe/Berlin",
};

export default mapping;

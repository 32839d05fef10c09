import type { QueryClient } from "@tanstack/react-query";
import { getAggregation } from "../api/read.js";

/** The total of all counted events. */
export interface GrandTotal {
  readonly count: number;
  readonly sum: string;
}

async function grandTotal(): Promise<GrandTotal> {
  const { rows } = await getAggregation({});
  const [row] = rows;
  return { count: row?.count ?? 0, sum: row?.sum ?? "0" };
}

/** Returns the total, or `null` if it cannot be read, so that a user can still send events. */
export function grandTotalIfKnown(): Promise<GrandTotal | null> {
  return grandTotal().catch(() => null);
}

export function refreshAfterWrite(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "health" });
}

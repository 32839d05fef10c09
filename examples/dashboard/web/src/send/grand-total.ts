import type { QueryClient } from "@tanstack/react-query";
import { getAggregation } from "../api/read.js";

/** Everything counted so far. */
export interface GrandTotal {
  readonly count: number;
  readonly sum: string;
}

async function grandTotal(): Promise<GrandTotal> {
  const { rows } = await getAggregation({});
  const [row] = rows;
  return { count: row?.count ?? 0, sum: row?.sum ?? "0" };
}

/** A total that cannot be told is no reason not to send. */
export function grandTotalIfKnown(): Promise<GrandTotal | null> {
  return grandTotal().catch(() => null);
}

export function refreshAfterWrite(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "health" });
}

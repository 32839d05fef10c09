import { type UseMutationResult, useMutation, useQueryClient } from "@tanstack/react-query";
import { type Failure, type IngestResponse, ingest } from "../api/ingest.js";
import { type GrandTotal, grandTotalIfKnown, refreshAfterWrite } from "./grand-total.js";

export interface Sending {
  readonly text: string;
  readonly failure: Failure;
}

/** A request that was sent, with its results and the change of the total. */
export interface Sent extends Sending {
  readonly response: IngestResponse;
  readonly tookMs: number;
  readonly before: GrandTotal | null;
  readonly after: GrandTotal | null;
}

export function useSend(): UseMutationResult<Sent, Error, Sending> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ text, failure }) => {
      const before = await grandTotalIfKnown();
      const startedAt = performance.now();
      const response = await ingest(text, failure);
      const tookMs = Math.round(performance.now() - startedAt);
      return { text, failure, response, tookMs, before, after: await grandTotalIfKnown() };
    },
    onSettled: () => refreshAfterWrite(client),
  });
}

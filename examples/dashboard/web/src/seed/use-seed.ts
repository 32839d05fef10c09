import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { getSeedStatus, type SeedStatus, startSeeding } from "../api/seed.js";

const POLL_MS = 400;

export interface Seed {
  readonly status: SeedStatus | undefined;
  readonly error: Error | null;
  readonly start: () => void;
  readonly starting: boolean;
}

/** Starts a run that fills the store with real data. Polls the progress, even if another page started the run. */
export function useSeed(): Seed {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ["seed"],
    queryFn: ({ signal }) => getSeedStatus(signal),
    refetchInterval: ({ state }) => (state.data?.state === "running" ? POLL_MS : false),
  });
  const starting = useMutation({
    mutationFn: startSeeding,
    onSuccess: (status) => client.setQueryData(["seed"], status),
  });
  useRefreshAtEnd(query.data?.state);
  return {
    status: query.data,
    error: starting.error ?? query.error,
    start: () => starting.mutate(),
    starting: starting.isPending,
  };
}

/** Reloads the data of the page when a run has ended. */
function useRefreshAtEnd(state: SeedStatus["state"] | undefined): void {
  const client = useQueryClient();
  const before = useRef(state);
  useEffect(() => {
    if (before.current === "running" && state !== "running") {
      void client.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] !== "health" && queryKey[0] !== "seed",
      });
    }
    before.current = state;
  }, [client, state]);
}

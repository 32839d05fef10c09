import { useQuery } from "@tanstack/react-query";
import { request } from "./request.js";

const RETRY_MS = 5_000;
const CALM_MS = 15_000;

export type Health =
  | { readonly state: "unknown" }
  | { readonly state: "ready" }
  /** The server responds, but it cannot take events, or it is stopping. */
  | { readonly state: "not ready" }
  | { readonly state: "unreachable"; readonly nextTryAt: number; readonly tryNow: () => void };

/** Polls the server's health. Polls more often while the server is unreachable or not ready. */
export function useHealth(): Health {
  const query = useQuery({
    queryKey: ["health"],
    queryFn: async ({ signal }) => (await request("health/ready", { signal })).status,
    retry: false,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.status === "error" || state.data !== 200 ? RETRY_MS : CALM_MS),
  });

  if (query.isError) {
    return {
      state: "unreachable",
      nextTryAt: query.errorUpdatedAt + RETRY_MS,
      tryNow: () => void query.refetch(),
    };
  }
  if (query.data === undefined) return { state: "unknown" };
  return { state: query.data === 200 ? "ready" : "not ready" };
}

import { QueryClient } from "@tanstack/react-query";
import { Problem } from "./problem.js";

/** Ignores the browser's network state, because the server usually runs on the same machine. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: "always",
        retry: (failures, error) => error instanceof Problem && error.status >= 500 && failures < 2,
        staleTime: 2_000,
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}

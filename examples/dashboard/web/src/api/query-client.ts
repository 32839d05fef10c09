import { QueryClient } from "@tanstack/react-query";
import { Problem } from "./problem.js";

/** The server is on this machine more often than not: what the browser thinks of the network says nothing. */
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

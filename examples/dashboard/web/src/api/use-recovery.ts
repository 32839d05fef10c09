import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useHealth } from "./health.js";

/** Reloads all data when the server is reachable again. */
export function useRecovery(): void {
  const client = useQueryClient();
  const { state } = useHealth();
  const wasAway = useRef(false);

  useEffect(() => {
    if (state === "unreachable") wasAway.current = true;
    if (state !== "ready" || !wasAway.current) return;
    wasAway.current = false;
    void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "health" });
  }, [client, state]);
}

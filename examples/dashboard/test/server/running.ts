import { onTestFinished } from "vitest";
import type { RunningServer } from "../../server/serve.js";
import type { StoreSettings } from "../../server/settings.js";
import { startServer } from "../../server/start-server.js";

/** Starts a server on a free port, and stops it when the test ends. */
export async function running(store: StoreSettings = { kind: "memory" }): Promise<RunningServer> {
  const server = await startServer({ host: "127.0.0.1", port: 0, store });
  onTestFinished(() => server.stop());
  return server;
}

export async function getJson(server: RunningServer, path: string): Promise<unknown> {
  const response = await fetch(`${server.url}${path}`);
  if (!response.ok) throw new Error(`${path} returned ${response.status}`);
  return response.json();
}

export const purchase = {
  source: "client_A",
  payload: { metric: "purchase", amount: "1200", timestamp: "2024/01/01" },
};

export function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

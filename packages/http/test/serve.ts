import { createEvt, type EvtOptions } from "@evt/core";
import { MemoryStore } from "@evt/store-memory";
import type { Express } from "express";
import type {
  createEventRouter,
  createHealthRouter,
  EventRouterOptions,
} from "../../http-express/src/index.js";
import { listen } from "./connection.js";

/** One version of Express, and the routers made with it. */
export interface Lib {
  readonly express: typeof import("express");
  readonly createEventRouter: typeof createEventRouter;
  readonly createHealthRouter: typeof createHealthRouter;
}

/** 2026-11-23T09:00:00.000Z */
export const NOW = Date.UTC(2026, 10, 23, 9);

export function newEvt(options: Partial<EvtOptions> = {}) {
  return createEvt({ store: new MemoryStore(), runtime: { now: () => NOW }, ...options });
}

export interface Api {
  readonly port: number;
  post(body: unknown, options?: { query?: string; headers?: Record<string, string> }): Promise<ApiResponse>;
  get(path: string, headers?: Record<string, string>): Promise<ApiResponse>;
  request(method: string, path: string, init?: RequestInit): Promise<ApiResponse>;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests compare it with the documented JSON
  readonly body: any;
}

/** Serves the event router at `/api`, after the middlewares that `before` mounts. */
export async function serve(
  { express, createEventRouter }: Lib,
  options: Partial<EventRouterOptions> = {},
  before: (app: Express) => void = () => undefined,
): Promise<Api> {
  const app = express();
  before(app);
  app.use("/api", createEventRouter({ evt: newEvt(), authenticate: "open", ...options }));
  return apiAt(await listen(app), "/api");
}

export function apiAt(port: number, mount: string): Api {
  const request = async (method: string, path: string, init: RequestInit = {}): Promise<ApiResponse> => {
    const response = await fetch(`http://127.0.0.1:${port}${mount}${path}`, { method, ...init });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("content-type") ?? "");
    const body = isJson && text !== "" ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers, text, body };
  };
  return {
    port,
    request,
    get: (path, headers = {}) => request("GET", path, { headers }),
    post: (body, { query = "", headers = {} } = {}) =>
      request("POST", `/events${query}`, {
        headers: { "Content-Type": "application/json", ...headers },
        body:
          typeof body === "string" || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
      }),
  };
}

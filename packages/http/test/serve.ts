import { createEvt, type EvtOptions } from "@evt/core";
import { MemoryStore } from "@evt/store-memory";
import type { Middleware } from "../src/index.js";
import { listen } from "./connection.js";
import type { Mount, Reader, TestOptions } from "./contract/mount.js";

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

export interface ServeOptions {
  /** @defaultValue "/api" */
  readonly at?: string;
  /** What the host does with a body before evt gets the request. @defaultValue nothing */
  readonly reader?: Reader;
  /** Called with each request before the host. */
  readonly before?: Middleware;
}

/** Serves the event routes. Rejects if an option is invalid. */
export async function serve(
  mount: Mount,
  options: Partial<TestOptions> = {},
  { at = "/api", reader, before = (_req, _res, next) => next() }: ServeOptions = {},
): Promise<Api> {
  const listener = await mount.events({ evt: newEvt(), authenticate: "open", ...options }, at, reader);
  return apiAt(await listen((req, res) => before(req, res, () => listener(req, res))), at);
}

export function apiAt(port: number, mount: string): Api {
  const request = async (method: string, path: string, init: RequestInit = {}): Promise<ApiResponse> => {
    const response = await fetch(`http://127.0.0.1:${port}${mount}${path}`, { method, ...init });
    const text = await response.text();
    const isJson = /[/+]json/.test(response.headers.get("content-type") ?? "");
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

import { parseExactly } from "../json/exact-json.js";
import { Unreachable } from "./problem.js";

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Sends one request to the server of this page. Resolves with any response, regardless of its status. Paths are relative to
 * the page's address, so that the page works under any path.
 * @throws Unreachable if there is no response
 */
export async function request(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(new URL(path, document.baseURI), init).catch((cause: unknown) => {
    if (init.signal?.aborted) throw cause;
    throw new Unreachable(cause);
  });
  const text = await response.text();
  return { status: response.status, body: parsedIfJson(response, text) };
}

function parsedIfJson(response: Response, text: string): unknown {
  const type = response.headers.get("content-type") ?? "";
  return /[/+]json\b/.test(type) ? parseExactly(text) : null;
}

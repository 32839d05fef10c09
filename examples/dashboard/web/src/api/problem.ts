/** A response with an error status, from its problem details (RFC 9457). */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "Problem";
    this.status = status;
    this.code = code;
  }
}

/** Thrown if there was no response, because the server or the network is down. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super("The server does not respond.", { cause });
    this.name = "Unreachable";
  }
}

function text(body: unknown, member: string): string | null {
  if (typeof body !== "object" || body === null || !(member in body)) return null;
  const value = (body as Record<string, unknown>)[member];
  return typeof value === "string" && value !== "" ? value : null;
}

export function problemFrom(status: number, body: unknown): Problem {
  const code = text(body, "code") ?? `HTTP_${status}`;
  const message = text(body, "detail") ?? text(body, "title") ?? `The server responded with ${status}.`;
  return new Problem(status, code, message);
}

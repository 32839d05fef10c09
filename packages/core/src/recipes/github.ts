import { createHmac, timingSafeEqual } from "node:crypto";
import { parseExactly } from "../json/parse-exactly.js";
import type { Mapping } from "../normalize/mapping.js";

/**
 * Events of GitHub's webhooks, as {@link githubEvent} returns them. Each delivery counts as 1. The client is the
 * repository, else the organization, else `github`.
 */
export const github: Mapping = {
  unwrap: false,
  containers: [],
  fields: {
    clientId: ["repository.full_name", "organization.login"],
    metric: "github_event",
    amount: [],
    timestamp: [],
    idempotencyKey: "github_delivery",
  },
  defaults: { clientId: "github", amount: "1" },
};

/** The input of {@link githubEvent}. */
export interface GithubRequest {
  /** The body as it was received, before any parser. */
  readonly rawBody: string | Uint8Array;
  /** The request's headers, with names in lower case, as in Node. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly secret: string;
}

/**
 * Checks the HMAC of a webhook. Returns the body together with the headers that name the event and the delivery.
 * @throws Error if the signature does not match the body, SyntaxError if the body is not JSON
 */
export function githubEvent({ rawBody, headers, secret }: GithubRequest): unknown {
  const given = Buffer.from(String(headers["x-hub-signature-256"] ?? ""));
  const expected = Buffer.from(`sha256=${createHmac("sha256", secret).update(rawBody).digest("hex")}`);
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new Error("x-hub-signature-256 is not the signature of this body");
  const text = typeof rawBody === "string" ? rawBody : new TextDecoder().decode(rawBody);
  return {
    ...(parseExactly(text) as object),
    github_event: headers["x-github-event"],
    github_delivery: headers["x-github-delivery"],
  };
}

import { Webhook } from "standardwebhooks";
import { type Endpoint, secretsOf } from "./endpoint.js";
import { retryAfterS } from "./retry-after.js";

/** The result of one attempt. `gone` means that the receiver responded with 410, so the message is not sent again. */
export type Posted = { readonly outcome: "delivered" | "gone" } | Refusal;

export interface Refusal {
  readonly outcome: "refused";
  readonly reason: string;
  /** The delay that the receiver requested, in seconds; 0 if it requested none. */
  readonly retryAfterS: number;
}

interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentAt: Date;
}

/**
 * Sends one POST, signed as Standard Webhooks specifies. Does not follow redirects, because they could send events to
 * a host that the operator did not choose. Does not read the response body. Never rejects.
 */
export async function post(
  endpoint: Endpoint,
  message: Message,
  { fetch, timeoutMs }: { readonly fetch: typeof globalThis.fetch; readonly timeoutMs: number },
): Promise<Posted> {
  try {
    const response = await fetch(endpoint.url, {
      method: "POST",
      redirect: "manual",
      headers: headersOf(endpoint, message),
      body: message.body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    response.body?.cancel().catch(() => undefined);
    if (response.ok) return { outcome: "delivered" };
    if (response.status === 410) return { outcome: "gone" };
    return {
      outcome: "refused",
      reason: `status ${response.status}`,
      retryAfterS: retryAfterS(response.headers.get("retry-after"), Date.now()),
    };
  } catch (error) {
    return { outcome: "refused", reason: reasonOf(error, timeoutMs), retryAfterS: 0 };
  }
}

function headersOf(endpoint: Endpoint, { id, body, sentAt }: Message): Record<string, string> {
  const signatures = secretsOf(endpoint).map((secret) => new Webhook(secret).sign(id, sentAt, body));
  return {
    "content-type": "application/json",
    "user-agent": "evt-webhooks",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(sentAt.getTime() / 1000)),
    "webhook-signature": signatures.join(" "),
  };
}

/**
 * Returns the reason for a missing response. It does not contain a host, because an application may show it to users.
 */
function reasonOf(error: unknown, timeoutMs: number): string {
  const { name, cause } = error as { readonly name?: string; readonly cause?: { readonly code?: string } };
  if (name === "TimeoutError") return `no response within ${timeoutMs} ms`;
  return `no response: ${cause?.code ?? name ?? "failed"}`;
}

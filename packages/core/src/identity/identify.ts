import type { CanonicalEvent, IdentifiedBy } from "../event.js";
import { sha256Hex } from "./sha256.js";

/** What makes an event the one it is. Hashes are 64 hex digits. */
export interface Identity {
  readonly identifiedBy: IdentifiedBy;
  readonly identity: string;
  readonly fingerprint: string;
  /** The event's own id: the identity, except where a claim lapses and may be taken again. */
  readonly id: string;
  /** The text that was hashed for the identity. */
  readonly identityJson: string;
  /** UTC, milliseconds; `null`: never. */
  readonly lapsesAt: string | null;
}

export interface Receipt {
  /** UTC, milliseconds. */
  readonly receivedAt: string;
  /** Unique to this record of this call. */
  readonly receiptId: string;
}

/** What an identity is made of, besides the event. */
export interface IdentityBasis {
  /** Whether the event said itself when it happened. A time of receipt is never hashed: a resend has another. */
  readonly stamped: boolean;
  /** Canonical JSON of what else takes part; `null`: nothing. */
  readonly distinguishing: string | null;
  readonly unstamped: "window" | "reject" | "count-each";
  readonly windowMs: number;
}

/**
 * The three rules of identity, hashed as canonical JSON (RFC 8785) in UTF-8 by SHA-256:
 * the client's key, where it sent one; else the content with its timestamp; else the content without one, for as
 * long as the window lasts (or, if asked for, every receipt by itself).
 */
export function identify(event: CanonicalEvent, basis: IdentityBasis, receipt: Receipt): Identity {
  const content = contentJson(event, basis);
  if (event.idempotencyKey !== null) return byKey(event.clientId, event.idempotencyKey, sha256Hex(content));
  if (basis.stamped) return byHash("content", content);
  return basis.unstamped === "count-each"
    ? byReceipt(content, receipt)
    : byWindow(content, basis.windowMs, receipt);
}

/** The canonical JSON of the content, a defaulted timestamp as `null`. The members stand in canonical order. */
export function contentJson(
  event: CanonicalEvent,
  { stamped, distinguishing }: Pick<IdentityBasis, "stamped" | "distinguishing">,
): string {
  const timestamp = stamped ? `"${event.timestamp}"` : "null";
  const also = distinguishing === null ? "" : `"identity":${distinguishing},`;
  return `{"amount":"${event.amount}","clientId":${JSON.stringify(event.clientId)},${also}"metric":${JSON.stringify(event.metric)},"timestamp":${timestamp}}`;
}

function byHash(identifiedBy: IdentifiedBy, identityJson: string): Identity {
  const identity = sha256Hex(identityJson);
  return { identifiedBy, identity, fingerprint: identity, id: identity, identityJson, lapsesAt: null };
}

function byKey(clientId: string, key: string, fingerprint: string): Identity {
  const identityJson = `{"clientId":${JSON.stringify(clientId)},"idempotencyKey":${JSON.stringify(key)}}`;
  return { ...byHash("key", identityJson), fingerprint };
}

function byWindow(content: string, windowMs: number, { receivedAt }: Receipt): Identity {
  const claimed = byHash("window", content);
  const id = sha256Hex(`{"identity":"${claimed.identity}","receivedAt":"${receivedAt}"}`);
  return { ...claimed, id, lapsesAt: new Date(Date.parse(receivedAt) + windowMs).toISOString() };
}

function byReceipt(content: string, { receiptId }: Receipt): Identity {
  const fingerprint = sha256Hex(content);
  return { ...byHash("receipt", `{"content":"${fingerprint}","receiptId":"${receiptId}"}`), fingerprint };
}

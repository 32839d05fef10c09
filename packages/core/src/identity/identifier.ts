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
}

/** What becomes of an event with neither key nor timestamp. */
export interface UnstampedRule {
  readonly unstamped: "window" | "reject" | "count-each";
  readonly windowMs: number;
}

/** The parts of canonical JSON that the events of one client have in common. */
interface ClientParts {
  readonly keyStart: string;
  /** What stands between amount and timestamp, by metric. */
  readonly contentMiddles: Map<string, string>;
}

/** Clients and metrics whose parts are remembered; past that they are begun anew. */
const MOST_REMEMBERED = 4_096;

/**
 * The three rules of identity, hashed as canonical JSON (RFC 8785) in UTF-8 by SHA-256:
 * the client's key, where it sent one; else the content with its timestamp; else the content without one, for as
 * long as the window lasts (or, if asked for, every receipt by itself).
 *
 * Pure but for what it remembers: most of a canonical text is the same for all events of one client and metric, and
 * joining it from few long pieces halves the time.
 */
export class Identifier {
  readonly #clients = new Map<string, ClientParts>();
  #remembered = 0;

  identify(
    event: CanonicalEvent,
    basis: IdentityBasis,
    { unstamped, windowMs }: UnstampedRule,
    receipt: Receipt,
  ): Identity {
    const content = this.contentJson(event, basis);
    const { clientId, idempotencyKey } = event;
    if (idempotencyKey !== null)
      return byHash("key", this.#keyJson(clientId, idempotencyKey), sha256Hex(content));
    if (basis.stamped) return byHash("content", content);
    return unstamped === "count-each" ? byReceipt(content, receipt) : byWindow(content, windowMs, receipt);
  }

  /** The canonical JSON of the content, a defaulted timestamp as `null`. The members stand in canonical order. */
  contentJson(
    { amount, clientId, metric, timestamp }: CanonicalEvent,
    { stamped, distinguishing }: IdentityBasis,
  ): string {
    const middle =
      distinguishing === null
        ? this.#middle(clientId, metric)
        : contentMiddle(clientId, metric, distinguishing);
    return `{"amount":"${amount}${middle}${stamped ? `"${timestamp}"}` : "null}"}`;
  }

  #keyJson(clientId: string, key: string): string {
    return `${this.#parts(clientId).keyStart}${JSON.stringify(key)}}`;
  }

  #middle(clientId: string, metric: string): string {
    const { contentMiddles } = this.#parts(clientId);
    const known = contentMiddles.get(metric);
    if (known !== undefined) return known;
    const middle = contentMiddle(clientId, metric, null);
    this.#remembered++;
    contentMiddles.set(metric, middle);
    return middle;
  }

  #parts(clientId: string): ClientParts {
    const known = this.#clients.get(clientId);
    if (known !== undefined) return known;
    if (this.#remembered >= MOST_REMEMBERED) {
      this.#clients.clear();
      this.#remembered = 0;
    }
    const keyStart = inOnePiece(`{"clientId":${JSON.stringify(clientId)},"idempotencyKey":`);
    const parts = { keyStart, contentMiddles: new Map<string, string>() };
    this.#remembered++;
    this.#clients.set(clientId, parts);
    return parts;
  }
}

function contentMiddle(clientId: string, metric: string, distinguishing: string | null): string {
  const also = distinguishing === null ? "" : `"identity":${distinguishing},`;
  return inOnePiece(
    `","clientId":${JSON.stringify(clientId)},${also}"metric":${JSON.stringify(metric)},"timestamp":`,
  );
}

/** V8 joins texts lazily, and would take this one apart again each time it is used. */
function inOnePiece(text: string): string {
  return Buffer.from(text).toString();
}

/** The fingerprint is that of the content; absent where that is what was hashed. */
function byHash(identifiedBy: IdentifiedBy, identityJson: string, fingerprint?: string): Identity {
  const identity = sha256Hex(identityJson);
  const content = fingerprint ?? identity;
  return { identifiedBy, identity, fingerprint: content, id: identity, identityJson, lapsesAt: null };
}

function byWindow(content: string, windowMs: number, { receivedAt }: Receipt): Identity {
  const claimed = byHash("window", content);
  const id = sha256Hex(`{"identity":"${claimed.identity}","receivedAt":"${receivedAt}"}`);
  return { ...claimed, id, lapsesAt: new Date(Date.parse(receivedAt) + windowMs).toISOString() };
}

function byReceipt(content: string, { receiptId }: Receipt): Identity {
  const fingerprint = sha256Hex(content);
  return byHash("receipt", `{"content":"${fingerprint}","receiptId":"${receiptId}"}`, fingerprint);
}

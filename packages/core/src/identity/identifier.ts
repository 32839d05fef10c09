import type { CanonicalEvent, Dimensions, IdentifiedBy } from "../event.js";
import { canonicalJson } from "./canonical-json.js";
import type { Sha256 } from "./sha256.js";

/** The identity of an event, and the values that belong to it. Hashes have 64 hex digits. */
export interface Identity {
  readonly identifiedBy: IdentifiedBy;
  readonly identity: string;
  readonly fingerprint: string;
  /** The id of the event. Equal to the identity, unless its claim can lapse. */
  readonly id: string;
  /** The JSON text whose hash is the identity. */
  readonly identityJson: string;
  /** When the claim lapses: UTC, milliseconds. `null` if it never lapses. */
  readonly lapsesAt: string | null;
}

/** One receipt of an event. */
export interface Receipt {
  /** UTC, milliseconds. */
  readonly receivedAt: string;
  /** Unique to this record and this call. */
  readonly receiptId: string;
}

/** The data that an identity depends on, in addition to the event. */
export interface IdentityBasis {
  /**
   * Whether the event has its own timestamp. A receive time is not part of the content, because it differs for a resend.
   */
  readonly stamped: boolean;
  /**
   * The timestamp with all of its digits, which is hashed instead of the event's timestamp. Absent if it has no digits
   * beyond the microsecond.
   */
  readonly exactTimestamp?: string | undefined;
  /** Canonical JSON of the data that the mapping's `identity` selects. `null` if the mapping has no `identity`. */
  readonly distinguishing: string | null;
  /** The position among equal events without a key, if the mapping distinguishes them by position. @defaultValue 0 */
  readonly ordinal?: number;
}

/**
 * The version of the identity rules. It is stored with each claim. Under version 1, units and dimensions were not part of
 * an identity. An event that has neither has the same identity under both versions.
 */
export const IDENTITY_RULES = 2;

/** The rule for identifying an event with neither key nor timestamp. */
export interface UnstampedRule {
  readonly unstamped: "window" | "reject" | "count-each";
  readonly windowMs: number;
}

/** The parts of canonical JSON that are equal for all events of one client. */
interface ClientParts {
  readonly keyStart: string;
  /** For each metric, the part between amount and timestamp. */
  readonly contentMiddles: Map<string, string>;
}

/** Maximum number of cached clients and metrics, approximately. If there are more, the cache is cleared. */
const MOST_REMEMBERED = 4_096;

const NONE: readonly Identifier[] = [];

/**
 * Computes identities: the SHA-256 of canonical JSON (RFC 8785) in UTF-8. The hashed data depends on the event:
 *
 * 1. the client and its key, if the event has a key
 * 2. otherwise, the content with its timestamp, with all digits that the client sent
 * 3. without a timestamp, the content, until the window ends; or, with `count-each`, the content and the receipt id
 *
 * An identity never changes under the same rules. New rules get a new version. `earlier` has the old rules, so that evt
 * still recognizes events that it counted under old rules. See `docs/identity.md`.
 *
 * Pure, except for a cache. Most of the JSON is the same for all events of one client and metric, so cached parts halve
 * the time.
 */
export class Identifier {
  readonly sha256: Sha256;
  /** Returns a short hash of a raw event. If absent, records have no `rawHash`. */
  readonly rawHash: ((text: string) => number) | undefined;
  /** The version of these rules. Each claim stores it. */
  readonly rules: number;
  /** The rules of earlier versions under which stored events may have been counted, the earliest first. */
  readonly earlier: readonly Identifier[];
  readonly #clients = new Map<string, ClientParts>();
  #remembered = 0;

  /**
   * @param sha256, rawHash - injected, because Node and browsers have different functions
   * @param rules - the version of the rules
   */
  constructor(sha256: Sha256, rawHash?: (text: string) => number, rules: 1 | 2 = IDENTITY_RULES) {
    this.sha256 = sha256;
    this.rawHash = rawHash;
    this.rules = rules;
    this.earlier = rules === 1 ? [] : [new Identifier(sha256, rawHash, 1)];
  }

  /** Returns the earlier rules that may give an event another identity or fingerprint than these rules. */
  earlierFor({ unit, dimensions }: Pick<CanonicalEvent, "unit" | "dimensions">): readonly Identifier[] {
    return unit === null && dimensions === null && this.rules === 2 ? NONE : this.earlier;
  }

  identify(
    event: CanonicalEvent,
    basis: IdentityBasis,
    { unstamped, windowMs }: UnstampedRule,
    receipt: Receipt,
  ): Identity {
    const content = this.contentJson(event, basis);
    const { clientId, idempotencyKey } = event;
    const { sha256 } = this;
    if (idempotencyKey !== null)
      return byHash(sha256, "key", this.#keyJson(clientId, idempotencyKey), sha256(content));
    if (basis.stamped) return byHash(sha256, "content", numbered(content, basis));
    if (unstamped === "count-each") return byReceipt(sha256, content, receipt);
    return byWindow(sha256, numbered(content, basis), windowMs, receipt);
  }

  /**
   * Returns the canonical JSON of the content. A timestamp that is only the receive time is `null`. Members are in
   * canonical order.
   */
  contentJson(
    { amount, clientId, metric, timestamp, unit, dimensions }: CanonicalEvent,
    { stamped, exactTimestamp, distinguishing }: IdentityBasis,
  ): string {
    const withDimensions = dimensions === null || this.rules === 1 ? null : dimensions;
    const middle =
      distinguishing === null && withDimensions === null
        ? this.#middle(clientId, metric)
        : contentMiddle(clientId, metric, distinguishing, withDimensions);
    const end = unit === null || this.rules === 1 ? "}" : `,"unit":${JSON.stringify(unit)}}`;
    if (!stamped) return `{"amount":"${amount}${middle}null${end}`;
    return `{"amount":"${amount}${middle}"${exactTimestamp ?? timestamp}"${end}`;
  }

  #keyJson(clientId: string, key: string): string {
    return `${this.#parts(clientId).keyStart}${JSON.stringify(key)}}`;
  }

  #middle(clientId: string, metric: string): string {
    const { contentMiddles } = this.#parts(clientId);
    const known = contentMiddles.get(metric);
    if (known !== undefined) return known;
    const middle = contentMiddle(clientId, metric, null, null);
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
    const keyStart = inOnePiece('{"clientId":', JSON.stringify(clientId), ',"idempotencyKey":');
    const parts = { keyStart, contentMiddles: new Map<string, string>() };
    this.#remembered++;
    this.#clients.set(clientId, parts);
    return parts;
  }
}

/** Adds the ordinal to the JSON of the content, between `metric` and `timestamp`. An ordinal of 0 is omitted. */
function numbered(content: string, { ordinal = 0 }: IdentityBasis): string {
  if (ordinal === 0) return content;
  // the search is safe: only a unit follows the timestamp, and JSON escapes the quotation marks of its value
  const at = content.lastIndexOf('"timestamp":');
  return `${content.slice(0, at)}"ordinal":${ordinal},${content.slice(at)}`;
}

function contentMiddle(
  clientId: string,
  metric: string,
  distinguishing: string | null,
  dimensions: Dimensions | null,
): string {
  const also = distinguishing === null ? "" : `"identity":${distinguishing},`;
  const before = dimensions === null ? "" : `"dimensions":${canonicalJson(dimensions)},`;
  return inOnePiece(
    '","clientId":',
    JSON.stringify(clientId),
    `,${before}${also}"metric":`,
    JSON.stringify(metric),
    ',"timestamp":',
  );
}

/** Joins strings to a flat string. With `+`, V8 would concatenate lazily and flatten the result at each use. */
function inOnePiece(...parts: readonly string[]): string {
  return parts.join("");
}

/** @param fingerprint - the hash of the content. @defaultValue the identity */
function byHash(
  sha256: Sha256,
  identifiedBy: IdentifiedBy,
  identityJson: string,
  fingerprint?: string,
): Identity {
  const identity = sha256(identityJson);
  const content = fingerprint ?? identity;
  return { identifiedBy, identity, fingerprint: content, id: identity, identityJson, lapsesAt: null };
}

function byWindow(sha256: Sha256, content: string, windowMs: number, { receivedAt }: Receipt): Identity {
  const claimed = byHash(sha256, "window", content);
  const id = sha256(`{"identity":"${claimed.identity}","receivedAt":"${receivedAt}"}`);
  return { ...claimed, id, lapsesAt: new Date(Date.parse(receivedAt) + windowMs).toISOString() };
}

function byReceipt(sha256: Sha256, content: string, { receiptId }: Receipt): Identity {
  const fingerprint = sha256(content);
  return byHash(sha256, "receipt", `{"content":"${fingerprint}","receiptId":"${receiptId}"}`, fingerprint);
}

import type { ParkedEvent } from "../event.js";
import type { Issue } from "../issue.js";
import type { CompiledMapping } from "../normalize/mapping-choice.js";
import type { Normalized } from "../normalize/normalized.js";
import { keptText } from "../normalize/raw-text.js";
import type { GivenKeys } from "./given-key.js";
import type { PrepareContext } from "./prepare-context.js";
import type { Refused } from "./prepared-event.js";
import { rejectedEvent } from "./rejected-event.js";

/** The fields of an event that could be read, and its issues. */
export type Reading = Pick<Refused, "event" | "provenance" | "issues">;

/** An event as it was sent. */
export interface Sent {
  readonly raw: unknown;
  /** The raw event as JSON text. */
  readonly text: string;
  /** The key that the caller passed with the event. */
  readonly idempotencyKey: string | undefined;
}

/**
 * Returns the result of an event that is refused.
 * @param mapping - absent if the mapping is not known
 */
export function refusedEvent(
  { event, provenance, issues }: Reading,
  { raw, text, idempotencyKey }: Sent,
  mapping: CompiledMapping | undefined,
  keys: GivenKeys,
  context: PrepareContext,
): Refused {
  const { tenantId, receivedAt, raw: policy, receiptId, identifier, unwrapped } = context;
  const { sha256 } = identifier;
  const rawJson = keptText(policy, raw, text);
  const stamped = provenance.timestamp !== "receipt";
  const keyed =
    (event.idempotencyKey ?? null) !== null || issues.some(({ code }) => code === "idempotency_key_invalid");
  const countsEach = mapping?.unstamped === "count-each" && !stamped && !keyed;
  const given = keys.of(idempotencyKey, text, {
    receiptId: countsEach ? receiptId : undefined,
    byOrdinal: mapping?.identical === "ordinal" && !keyed,
  });
  const givenKey = unwrapped ? { ...given.key, unwrapped } : given.key;
  const vouchedClientId = context.clientId ?? null;
  const about = {
    sha256,
    tenantId,
    receivedAt,
    event,
    vouchedClientId,
    given: { ...given, key: givenKey },
    stamped,
    issues,
    text,
    rawJson,
  };
  let parked: ParkedEvent | undefined;
  return {
    outcome: "rejected",
    event,
    provenance,
    issues,
    get parked() {
      parked ??= rejectedEvent(about);
      return parked;
    },
  };
}

/** Returns the reading of an event that equals event `first` of its call. */
export function repeated({ event, provenance }: Normalized, first: number): Reading {
  const message = `the event equals event ${first} of this call, and neither has a key; send a key with each event, or set the mapping's \`identical\` to "ordinal"`;
  const issue: Issue = { code: "identical_event", path: "", message };
  return { event, provenance, issues: [issue] };
}

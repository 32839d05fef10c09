import type { ReplayOptions } from "../calls.js";
import type { ParkedEvent } from "../event.js";
import type { DerivedKeys } from "../identity/derived-key.js";
import { type EnvelopeOptions, Envelopes, prepareSent, type Sent } from "../ingest/envelopes.js";
import type { PrepareContext } from "../ingest/prepare.js";
import { Preparer } from "../ingest/prepare.js";
import type { Prepared, Refused } from "../ingest/prepared-event.js";
import type { Issue } from "../issue.js";
import { parseExactly } from "../json/parse-exactly.js";
import type { Choice } from "../normalize/mapping-choice.js";

/** The data that all replays of one call share. */
export interface ReplayBasis
  extends Pick<PrepareContext, "tenantId" | "receivedAt" | "raw" | "identifier" | "receiptId">,
    Pick<EnvelopeOptions, "unwrappedEvents" | "choice"> {
  /** Returns the keys that are derived from a batch key. */
  readonly derivedKeys: (batchKey: string) => DerivedKeys;
}

/** An event that a replay rejects. */
export type StillRefused = Pick<Refused, "outcome" | "event" | "issues">;

type Options = Pick<ReplayOptions, "edit" | "mapping" | "clientId">;

/**
 * Prepares a parked event by the current rules, with the client and key that a resend would have. If the event has no
 * timestamp, its timestamp is the time when evt first received it. An event with neither key nor timestamp gets a new
 * identity, unless it is not edited and was identified by a window. This is safe, because a parked event is counted at
 * most once.
 */
export function prepareReplay(
  parked: ParkedEvent,
  options: Options,
  basis: ReplayBasis,
): Prepared | StillRefused {
  const prepareAs = (client: string | undefined) => {
    const opened = openParked(parked, options, basis, client);
    return "issue" in opened ? refused(opened.issue) : prepareSent(opened[0] as Sent, false);
  };
  const prepared = prepareAs(vouchedFor(parked, options));
  const nameless =
    prepared.outcome === "rejected" && prepared.issues.some(({ code }) => code === "client_id_missing");
  const keepsClient = options.edit !== undefined || parked.givenKey === null;
  return nameless && keepsClient && parked.clientId !== null ? prepareAs(parked.clientId) : prepared;
}

/**
 * Returns the events of a parked envelope, or the event itself if it is not an envelope. Returns an issue if the parked
 * event cannot be replayed.
 */
export function openParked(
  parked: ParkedEvent,
  options: Options,
  basis: ReplayBasis,
  client = vouchedFor(parked, options),
): readonly Sent[] | { readonly issue: Issue } {
  const { edit, mapping } = options;
  const sent = rawOf(parked, edit);
  if ("issue" in sent) return sent;
  const asSent = edit === undefined;
  const mismatch = parked.issues.find(({ code }) => code === "client_id_mismatch");
  // an earlier version parked the event without the vouched client: only the issue shows that the caller was another
  // client
  if (mismatch !== undefined && asSent && client === undefined) return { issue: mismatch };
  // the headers were incomplete, so the stored event could be read as a different event
  const incomplete = parked.issues.find(({ code }) => code === "cloud_event_invalid");
  if (incomplete !== undefined && asSent) return { issue: incomplete };
  const batchKey = batchKeyOf(parked);
  const isPart = parked.givenKey?.unwrapped === true;
  const preparer = new Preparer({
    ...basis,
    choice: isPart ? insideOnly(basis.choice) : basis.choice,
    clientId: client,
    mapping,
    batchKey,
    derivedKeys: batchKey === undefined ? undefined : basis.derivedKeys(batchKey),
    occurredAt: parked.receivedAt,
    ordinal: asSent ? ordinalOf(parked) : undefined,
    sentOnce: !(parked.identifiedBy === "window" && asSent),
  });
  const key = keyOf(parked, asSent) ?? undefined;
  if (isPart || !basis.choice.unwraps)
    return [{ ...sent, idempotencyKey: key, place: { index: 0 }, preparer }];
  const envelopes = new Envelopes(preparer, { ...basis, clientId: client, mapping, unwrap: undefined });
  return envelopes.open(sent.raw, 0, key, sent.rawJson);
}

/** Returns a choice that treats each event as if it came from an envelope. */
function insideOnly(choice: Choice): Pick<Choice, "of"> {
  return {
    of: (raw, named, about) => {
      const mapping = choice.of(raw, named, about);
      return "code" in mapping ? mapping : choice.inside(mapping, raw);
    },
  };
}

function vouchedFor({ vouchedClientId }: ParkedEvent, { clientId }: Options): string | undefined {
  return clientId ?? vouchedClientId ?? undefined;
}

/** Returns the key of the batch in which the client sent the event, or `undefined`. */
function batchKeyOf({ givenKey }: ParkedEvent): string | undefined {
  return givenKey !== null && "batchKey" in givenKey ? givenKey.batchKey : undefined;
}

/** Returns the key to pass with the event. An edited event keeps its key, unless the edited event has its own key. */
function keyOf({ givenKey, idempotencyKey }: ParkedEvent, asSent: boolean): string | null {
  if (!asSent || givenKey === null) return idempotencyKey;
  return "key" in givenKey ? givenKey.key : null;
}

/** Returns the position among the equal events of the original call, if the position distinguishes them. */
function ordinalOf({ givenKey }: ParkedEvent): number | undefined {
  return givenKey !== null && "key" in givenKey ? givenKey.ordinal : undefined;
}

function rawOf(
  parked: ParkedEvent,
  edit: ReplayOptions["edit"],
): { readonly raw: unknown; readonly rawJson: string | undefined } | { readonly issue: Issue } {
  const { rawJson } = parked;
  try {
    const raw: unknown = rawJson === null ? null : parseExactly(rawJson);
    if (edit !== undefined) return { raw: edit(raw, parked), rawJson: undefined };
    if (rawJson !== null) return { raw, rawJson };
  } catch (error) {
    const code = edit === undefined ? "event_not_json" : "edit_failed";
    const why = error instanceof Error ? error.message : String(error);
    return { issue: { code, path: "", message: `the event cannot be replayed: ${why}` } };
  }
  const message = "the raw event is not stored; replay it with `edit`";
  return { issue: { code: "raw_not_kept", path: "", message } };
}

function refused(issue: Issue): StillRefused {
  return { outcome: "rejected", event: {}, issues: [issue] };
}

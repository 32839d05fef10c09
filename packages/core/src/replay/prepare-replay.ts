import type { ReplayOptions } from "../calls.js";
import type { NumberedBy, ParkedEvent } from "../event.js";
import type { Identifier } from "../identity/identifier.js";
import { type EnvelopeOptions, Envelopes, prepareSent, type Sent } from "../ingest/envelopes.js";
import type { KeylessEvents } from "../ingest/keyless-events.js";
import { Preparer } from "../ingest/prepare.js";
import type { PrepareContext } from "../ingest/prepare-context.js";
import type { Prepared, Refused } from "../ingest/prepared-event.js";
import type { Issue } from "../issue.js";
import { parseExactly } from "../json/parse-exactly.js";
import type { Choice } from "../normalize/mapping-choice.js";

/** The data that all replays of one call share. */
export interface ReplayBasis
  extends Pick<PrepareContext, "tenantId" | "receivedAt" | "raw" | "identifier" | "receiptId">,
    Pick<EnvelopeOptions, "unwrappedEvents" | "choice"> {
  /** Returns the numbering of the events of one batch, or of events without a batch key. */
  readonly numbering: (batchKey: string | undefined, identifier: Identifier) => KeylessEvents;
  /** Whether to ignore the positions that evt stored with parked events. @defaultValue false */
  readonly renumbers?: boolean;
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
  const number = asSent ? numberOf(parked, basis) : numberOfEdited(parked, options, basis, client);
  const { batchKey } = number;
  const isPart = parked.givenKey?.unwrapped === true;
  const preparer = new Preparer({
    ...basis,
    choice: isPart ? insideOnly(basis.choice) : basis.choice,
    clientId: client,
    mapping,
    batchKey,
    keyless: number.ordinal === undefined ? basis.numbering(batchKey, basis.identifier) : undefined,
    occurredAt: parked.receivedAt,
    ordinal: number.ordinal,
    sentOnce: !(parked.identifiedBy === "window" && asSent),
  });
  const key = number.key ?? undefined;
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

/** The key of a parked event, or its position among equal events without a key. */
export interface ReplayNumber {
  /** Passed with the event. */
  readonly key: string | null;
  readonly batchKey: string | undefined;
  /** `undefined` if the position is not known. Then the replay finds a free position. */
  readonly ordinal: number | undefined;
}

interface NumberingBasis extends Pick<ReplayBasis, "renumbers"> {
  readonly identifier: Pick<Identifier, "rules">;
}

/**
 * Returns the key or the position of an event that is not edited. evt knows the position if it numbered the event before
 * it parked it, and by the same version of the identity rules.
 */
export function numberOf(parked: ParkedEvent, basis: NumberingBasis): ReplayNumber {
  const { givenKey, identity, idempotencyKey } = parked;
  if (givenKey === null) return { key: idempotencyKey, batchKey: undefined, ordinal: 0 };
  if ("batchKey" in givenKey) return { key: null, batchKey: givenKey.batchKey, ordinal: undefined };
  const { key, ordinal = 0, numbered } = givenKey;
  if (numbered !== undefined && isRenumbered(numbered, basis))
    return { key: null, batchKey: numbered.batchKey, ordinal: undefined };
  return { key, batchKey: undefined, ordinal: identity === null ? undefined : ordinal };
}

function isRenumbered({ rules }: NumberedBy, { identifier, renumbers = false }: NumberingBasis): boolean {
  return renumbers || rules !== identifier.rules;
}

/**
 * Returns the key of an edited event. It is the key that the event had before the edit, so that the event is not counted
 * again if the client sends it again. If the edited event has a key of its own, that key is used instead.
 */
function numberOfEdited(
  parked: ParkedEvent,
  options: Options,
  basis: ReplayBasis,
  client: string | undefined,
): ReplayNumber {
  const { givenKey, idempotencyKey } = parked;
  const batchKey = givenKey !== null && "batchKey" in givenKey ? givenKey.batchKey : undefined;
  const numbered = givenKey !== null && "key" in givenKey ? givenKey.numbered : undefined;
  const kept = { key: idempotencyKey, batchKey, ordinal: undefined };
  if (numbered?.batchKey === undefined || !isRenumbered(numbered, basis)) return kept;
  const opened = openParked(parked, { ...options, edit: undefined }, basis, client);
  if ("issue" in opened) return kept;
  const unedited = prepareSent(opened[0] as Sent, false);
  return unedited.outcome === "prepared" ? { ...kept, key: unedited.record.idempotencyKey } : kept;
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

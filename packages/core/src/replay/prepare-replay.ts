import type { ReplayOptions } from "../calls.js";
import type { ParkedEvent } from "../event.js";
import type { DerivedKeys } from "../identity/derived-key.js";
import type { PrepareContext } from "../ingest/prepare.js";
import { Preparer } from "../ingest/prepare.js";
import type { Prepared, Refused } from "../ingest/prepared-event.js";
import type { Issue } from "../issue.js";
import { parseExactly } from "../json/parse-exactly.js";

/** The part that all replays of one call share. */
export interface ReplayBasis
  extends Pick<PrepareContext, "tenantId" | "receivedAt" | "choice" | "raw" | "identifier" | "receiptId"> {
  /** Returns the keys that are derived from a batch key. No two events of a call get the same one. */
  readonly derivedKeys: (batchKey: string) => DerivedKeys;
}

/** An event that still cannot be counted. */
export type StillRefused = Pick<Refused, "outcome" | "event" | "issues">;

/**
 * Prepares a parked event by the current rules, with the client and key that it would have if it were sent again. An event
 * without a time has the time of its first receipt. An event with neither key nor timestamp gets an identity of its own: the
 * parked event can be counted only once anyway.
 */
export function prepareReplay(
  parked: ParkedEvent,
  { edit, mapping, clientId }: Pick<ReplayOptions, "edit" | "mapping" | "clientId">,
  basis: ReplayBasis,
): Prepared | StillRefused {
  const sent = rawOf(parked, edit);
  if ("issue" in sent) return refused(sent.issue);
  const asSent = edit === undefined;
  const vouched = clientId ?? parked.vouchedClientId ?? undefined;
  const mismatch = parked.issues.find(({ code }) => code === "client_id_mismatch");
  // parked by a version that did not record the vouched client: only the issue says that it was another one
  if (mismatch !== undefined && asSent && vouched === undefined) return refused(mismatch);
  // the raw event lacks what the headers did not say, or could be read as something else
  const incomplete = parked.issues.find(({ code }) => code === "cloud_event_invalid");
  if (incomplete !== undefined && asSent) return refused(incomplete);
  const windowed = parked.identifiedBy === "window" && asSent;
  const batchKey = batchKeyOf(parked);
  const derivedKeys = batchKey === undefined ? undefined : basis.derivedKeys(batchKey);
  const prepareAs = (client: string | undefined) =>
    new Preparer({
      ...basis,
      clientId: client,
      mapping,
      batchKey,
      derivedKeys,
      occurredAt: parked.receivedAt,
      sentOnce: !windowed,
    }).prepare(sent.raw, keyOf(parked, asSent) ?? undefined, sent.rawJson);
  const prepared = prepareAs(vouched);
  const nameless =
    prepared.outcome === "rejected" && prepared.issues.some(({ code }) => code === "client_id_missing");
  const keepsClient = !asSent || parked.givenKey === null;
  return nameless && keepsClient && parked.clientId !== null ? prepareAs(parked.clientId) : prepared;
}

/** Returns the key of the batch that the event was sent in. */
function batchKeyOf({ givenKey }: ParkedEvent): string | undefined {
  return givenKey !== null && "batchKey" in givenKey ? givenKey.batchKey : undefined;
}

/** Returns the key that is passed along with the event. An edited event keeps its key, unless the edit has another. */
function keyOf({ givenKey, idempotencyKey }: ParkedEvent, asSent: boolean): string | null {
  if (!asSent || givenKey === null) return idempotencyKey;
  return "key" in givenKey ? givenKey.key : null;
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

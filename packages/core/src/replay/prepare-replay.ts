import type { ParkedEvent } from "../event.js";
import type { PrepareContext, Prepared, Refused } from "../ingest/prepare.js";
import { Preparer } from "../ingest/prepare.js";
import type { Issue } from "../issue.js";
import { parseExactly } from "../json/parse-exactly.js";
import type { ReplayOptions } from "./replay-api.js";

/** What all replays of one call share. */
export type ReplayBasis = Pick<
  PrepareContext,
  "tenantId" | "receivedAt" | "choice" | "raw" | "identifier" | "receiptId"
>;

/** An event that is as far from being counted as before. */
export type StillRefused = Pick<Refused, "outcome" | "event" | "issues">;

/**
 * What a parked event comes to, by the rules of now. An event without a time keeps that of its first receipt; one that
 * nothing identifies is counted by itself: the parked event is what can be counted once only.
 */
export function prepareReplay(
  parked: ParkedEvent,
  { edit, mapping, clientId }: Pick<ReplayOptions, "edit" | "mapping" | "clientId">,
  basis: ReplayBasis,
): Prepared | StillRefused {
  const sent = rawOf(parked, edit);
  if ("issue" in sent) return refused(sent.issue);
  const mismatch = parked.issues.find(({ code }) => code === "client_id_mismatch");
  // whoever sent it was not who it says: only somebody's word makes it another's event
  if (mismatch !== undefined && edit === undefined && clientId === undefined) return refused(mismatch);
  const windowed = parked.identifiedBy === "window" && edit === undefined;
  const prepareAs = (vouched: string | undefined) =>
    new Preparer({
      ...basis,
      clientId: vouched,
      mapping,
      batchKey: undefined,
      occurredAt: parked.receivedAt,
      sentOnce: !windowed,
    }).prepare(sent.raw, parked.idempotencyKey ?? undefined, sent.rawJson);
  const prepared = prepareAs(clientId);
  const nameless =
    prepared.outcome === "rejected" && prepared.issues.some(({ code }) => code === "client_id_missing");
  // the client that stood beside the event, where it was sent
  return nameless && parked.clientId !== null ? prepareAs(parked.clientId) : prepared;
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
    return { issue: { code, path: "", message: `it cannot be replayed: ${why}` } };
  }
  const message = "the raw event was not kept: replay it with an edited one";
  return { issue: { code: "raw_not_kept", path: "", message } };
}

function refused(issue: Issue): StillRefused {
  return { outcome: "rejected", event: {}, issues: [issue] };
}

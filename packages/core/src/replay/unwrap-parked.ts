import type { ReplayOptions } from "../calls.js";
import type { ParkedEvent } from "../event.js";
import { canonicalJson } from "../identity/canonical-json.js";
import { sha256Hex } from "../identity/sha256.js";
import type { Sent } from "../ingest/envelopes.js";
import type { Choice } from "../normalize/mapping-choice.js";
import { keptText } from "../normalize/raw-text.js";
import { openParked, type ReplayBasis } from "./prepare-replay.js";

/** The events of a parked envelope, as parked events. */
export interface UnwrappedParked {
  readonly parts: readonly ParkedEvent[];
  /** Chooses the mapping of the events by the mapping of their envelope. */
  readonly choice: Choice;
}

/**
 * Returns the events of a parked envelope. `undefined` if the event is not an envelope, or cannot be unwrapped. The id of
 * each event is computed from the envelope's id and the event's position. So each position is counted at most once,
 * regardless of the number of replays.
 */
export function unwrapParked(
  envelope: ParkedEvent,
  options: Pick<ReplayOptions, "edit" | "mapping" | "clientId">,
  basis: ReplayBasis,
): UnwrappedParked | undefined {
  const opened = openParked(envelope, options, basis);
  if ("issue" in opened) return undefined;
  const [first] = opened;
  if (first === undefined) return { parts: [], choice: basis.choice };
  if (first.place.part === undefined) return undefined;
  const vouchedClientId = options.clientId ?? envelope.vouchedClientId;
  const seen = new Map<string, number>();
  const parts = opened.map((sent) => {
    const { rawJson = "" } = sent;
    const ordinal = seen.get(rawJson) ?? 0;
    seen.set(rawJson, ordinal + 1);
    return partOf({ ...envelope, vouchedClientId }, sent, ordinal, basis);
  });
  const { of } = first.preparer.choice;
  return {
    parts,
    choice: { of, inside: (mapping) => mapping, unwraps: false, numbers: basis.choice.numbers },
  };
}

function partOf(
  envelope: ParkedEvent,
  { raw, rawJson = "", place, preparer }: Sent,
  ordinal: number,
  basis: ReplayBasis,
): ParkedEvent {
  const id = sha256Hex(canonicalJson(["part", envelope.id, place.part ?? 0]));
  const { batchKey } = preparer;
  const prepared = preparer.prepare(raw, undefined, rawJson);
  // the id becomes the key, because concurrent replays must not count the event twice and nothing else identifies it
  const isAnonymous = prepared.outcome === "prepared" && prepared.record.identifiedBy === "receipt";
  const key = isAnonymous ? id : null;
  return {
    ...envelope,
    id,
    clientId: prepared.outcome === "prepared" ? prepared.record.clientId : (prepared.event.clientId ?? null),
    rawJson: keptText(basis.raw, raw, rawJson),
    givenKey: {
      ...(batchKey === undefined ? { key } : { batchKey }),
      ...(ordinal > 0 && { ordinal }),
      unwrapped: true,
    },
    attempts: 1,
  };
}

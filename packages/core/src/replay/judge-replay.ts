import type { CanonicalEvent, ParkedEvent } from "../event.js";
import { differences, isSameEvent } from "../ingest/judge.js";
import { canonicalOf, type Prepared } from "../ingest/prepared-event.js";
import type { Issue } from "../issue.js";
import type { ReplayResult } from "../outcome.js";
import type { Holder, ReplayAttempt, ReplayOutcome } from "../store.js";
import { storedEvent } from "../store-rules.js";

/** The result of a replay. Includes the attempt if it must be stored in the replay history. */
export interface Judged {
  readonly result: ReplayResult;
  readonly attempt: ReplayAttempt | null;
}

/** Returns the result of a replay from the store's outcome. Pure. */
export function judgeReplay(parked: ParkedEvent, prepared: Prepared, outcome: ReplayOutcome): Judged {
  const { record } = prepared;
  const parkedId = parked.id;
  switch (outcome.outcome) {
    case "inserted":
      return done({ parkedId, outcome: "processed", id: record.id, event: storedEvent(record) });
    case "taken":
      return taken(parked, prepared, outcome);
    case "unknown":
      return done({ parkedId, outcome: "unknown" });
    case "settled":
      // an earlier try of this replay stored the attempt, but the response was lost
      return outcome.attempt?.replayId === record.receiptId
        ? done({ parkedId, outcome: "processed", id: record.id, event: storedEvent(record) })
        : done({ parkedId, outcome: "settled", id: outcome.attempt?.eventId ?? null });
  }
}

/** Returns the result of a replay that is rejected. */
export function refusedReplay(
  { id: parkedId }: ParkedEvent,
  { event, issues }: { readonly event: Partial<CanonicalEvent>; readonly issues: readonly Issue[] },
  about: Pick<ReplayAttempt, "replayId" | "at">,
): Judged {
  const reasons = codesOf(issues);
  return {
    result: { parkedId, outcome: "rejected", id: null, canonical: event, issues },
    attempt: { parkedId, ...about, outcome: "rejected", eventId: null, reasons },
  };
}

/** Returns the result of a replay of an event that an earlier replay of the same call has counted. */
export function repeatedReplay(
  { id: parkedId, issues }: ParkedEvent,
  id: string,
  about: Pick<ReplayAttempt, "replayId" | "at">,
): Judged {
  return {
    result: { parkedId, outcome: "duplicate", id, event: null },
    attempt: {
      parkedId,
      ...about,
      outcome: "duplicate",
      eventId: id,
      reasons: codesOf(issues).filter(isOfTwin),
    },
  };
}

function taken(parked: ParkedEvent, prepared: Prepared, { claim, event }: Holder): Judged {
  const { record } = prepared;
  const parkedId = parked.id;
  const about = { parkedId, replayId: record.receiptId, at: record.receivedAt, eventId: claim.id };
  if (isSameEvent(prepared, claim)) {
    return {
      result: { parkedId, outcome: "duplicate", id: claim.id, event },
      attempt: { ...about, outcome: "duplicate", reasons: codesOf(parked.issues).filter(isOfTwin) },
    };
  }
  const issues = differences(prepared, event);
  return {
    result: { parkedId, outcome: "conflict", id: claim.id, canonical: canonicalOf(record), issues },
    attempt: { ...about, outcome: "conflict", reasons: codesOf(issues) },
  };
}

/** The reasons of parked events that are not the counted event itself, but were parked in addition to it. */
const OF_TWINS: readonly string[] = ["raw_differs", "batch_incomplete"];

function isOfTwin(reason: string): boolean {
  return OF_TWINS.includes(reason);
}

/** Returns whether the parked event of this attempt is the counted event itself, and not an additional event. */
export function isOfCountedEvent({ reasons }: ReplayAttempt): boolean {
  return !reasons.some(isOfTwin);
}

function done(result: ReplayResult): Judged {
  return { result, attempt: null };
}

function codesOf(issues: readonly Issue[]): readonly string[] {
  return [...new Set(issues.map(({ code }) => code))];
}

import type { CanonicalEvent, ParkedEvent } from "../event.js";
import { differences, isSameEvent } from "../ingest/judge.js";
import { canonicalOf, type Prepared } from "../ingest/prepared-event.js";
import type { Issue } from "../issue.js";
import type { ReplayResult } from "../outcome.js";
import type { Holder, ReplayAttempt, ReplayOutcome } from "../store.js";
import { storedEvent } from "../store-rules.js";

/** The result of a replay, and the attempt to store in the replay history, if there is one. */
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

/** Reasons of an event that was parked in addition to a counted event, and not in place of it. */
const OF_TWINS: readonly string[] = ["raw_differs", "batch_incomplete"];

function isOfTwin(reason: string): boolean {
  return OF_TWINS.includes(reason);
}

/** Returns whether this attempt is of a parked event in place of which the counted event was counted. */
export function isOfCountedEvent({ reasons }: ReplayAttempt): boolean {
  return !reasons.some(isOfTwin);
}

function done(result: ReplayResult): Judged {
  return { result, attempt: null };
}

function codesOf(issues: readonly Issue[]): readonly string[] {
  return [...new Set(issues.map(({ code }) => code))];
}

import type { StoredEvent } from "../event.js";
import type { EvtError } from "../evt-error.js";
import type { Field, Issue, IssueCode } from "../issue.js";
import {
  type Conflict,
  type Duplicate,
  type Failed,
  failedOutcome,
  type Outcome,
  type Processed,
  type Rejected,
} from "../outcome.js";
import type { InsertResult } from "../queue/insert-result.js";
import { quoted } from "../quoted.js";
import type { Claim, EventRecord } from "../store.js";
import { storedEvent } from "../store-rules.js";
import { conflictingEvent, failedEvent, refusedByStore } from "./parked-event.js";
import type { Recorded } from "./prepared-event.js";

/** Returns the outcome of a prepared event from the insert result of its record. Pure. */
export function judge(prepared: Recorded, result: InsertResult): Outcome {
  switch (result.outcome) {
    case "inserted":
      return processed(prepared.record);
    case "taken":
      return taken(prepared, result.claim, result.event);
    case "refused":
      return rejected(prepared, result.error);
    case "unsettled":
      return failed(prepared, result.error);
  }
}

function taken(prepared: Recorded, claim: Claim, event: StoredEvent | null): Outcome {
  const { record } = prepared;
  // the record's own row: the response to an earlier try was lost
  if (claim.receiptId === record.receiptId) return processed(record);
  return claim.fingerprint === record.fingerprint
    ? duplicate(record, claim, event)
    : conflict(prepared, claim, event);
}

function processed(record: EventRecord): Processed {
  const { identifiedBy, id } = record;
  return { outcome: "processed", identifiedBy, id, event: storedEvent(record) };
}

function duplicate({ identifiedBy }: EventRecord, claim: Claim, event: StoredEvent | null): Duplicate {
  return { outcome: "duplicate", identifiedBy, id: claim.id, event };
}

function conflict(prepared: Recorded, claim: Claim, event: StoredEvent | null): Conflict {
  const { identifiedBy } = prepared.record;
  const issues = differences(prepared, event);
  return {
    outcome: "conflict",
    identifiedBy,
    id: claim.id,
    event,
    parked: conflictingEvent(prepared, claim, issues),
    issues,
  };
}

function rejected(prepared: Recorded, error: EvtError): Rejected {
  const parked = refusedByStore(prepared, error);
  return { outcome: "rejected", id: parked.id, parked, issues: parked.issues };
}

function failed(prepared: Recorded, error: EvtError): Failed {
  const parked = failedEvent(prepared, error);
  const { code, message, cause } = error;
  return failedOutcome({ id: parked.id, parked, kept: false, error: { code, message } }, cause);
}

const COMPARED: readonly (readonly [Field & keyof StoredEvent, IssueCode])[] = [
  ["clientId", "client_id_differs"],
  ["metric", "metric_differs"],
  ["amount", "amount_differs"],
  ["timestamp", "timestamp_differs"],
];

/** Returns one issue for each field that differs from the stored event. A time of receipt always differs, so it is ignored. */
export function differences(
  { record: sent, provenance }: Recorded,
  stored: StoredEvent | null,
): readonly Issue[] {
  const unstamped = provenance.timestamp === "receipt";
  const issues = COMPARED.flatMap(([field, code]): Issue[] => {
    if (stored === null || sent[field] === stored[field] || (field === "timestamp" && unstamped)) return [];
    const message = `${field} is ${quoted(sent[field])}; the event that holds the identity has ${quoted(stored[field])}`;
    return [{ code, path: provenance[field] ?? "", message }];
  });
  if (issues.length > 0) return issues;
  const message = `the content differs from the event that holds the identity (its fingerprint is not ${sent.fingerprint}); use a new key for a new event`;
  return [{ code: "content_differs", path: "", message }];
}

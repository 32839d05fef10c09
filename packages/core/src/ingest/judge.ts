import type { DimensionKey, StoredEvent } from "../event.js";
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
import { rawDifferences } from "./raw-differences.js";

/** The result of inserting a record, or the result for an event of an incomplete batch. */
export type JudgedResult = InsertResult | IncompleteBatch;

/**
 * An equal event of the same batch has taken the identity, but not all equal events of the batch are counted. So it is
 * unknown which of them this event is.
 */
export interface IncompleteBatch {
  readonly outcome: "incomplete";
  readonly claim: Claim;
  readonly event: StoredEvent | null;
  /** The number of equal events in the batch, the number of counted ones, and the number in this call. */
  readonly twins: number;
  readonly counted: number;
  readonly sent: number;
}

/** Returns the outcome of an event whose record had this insert result. Pure. */
export function judge(prepared: Recorded, result: JudgedResult): Outcome {
  switch (result.outcome) {
    case "inserted":
      return processed(prepared.record);
    case "taken":
      return taken(prepared, result.claim, result.event);
    case "incomplete":
      return conflict(prepared, result.claim, result.event, [incompleteBatch(result)]);
    case "refused":
      return rejected(prepared, result.error);
    case "unsettled":
      return failed(prepared, result.error);
  }
}

function taken(prepared: Recorded, claim: Claim, event: StoredEvent | null): Outcome {
  const { record } = prepared;
  // an earlier insert of this same record made the claim
  if (claim.receiptId === record.receiptId) return processed(record);
  if (!isSameEvent(prepared, claim)) return conflict(prepared, claim, event, differences(prepared, event));
  const differs = rawDifferences(prepared, { claim, event });
  if (differs === null) return duplicate(record, claim, event);
  const issues = differs.issues;
  if (prepared.sameContent === "conflict") return conflict(prepared, claim, event, issues);
  const parked = conflictingEvent(prepared, claim, issues);
  return { ...duplicate(record, claim, event), differs: differs.members, parked };
}

/**
 * Returns whether the record and the claim of its identity belong to the same event. They do if their content is equal,
 * or if the mapping of one of them let the key alone decide. The fingerprint then equals the identity.
 */
export function isSameEvent(
  { record, earlier }: Pick<Recorded, "record" | "earlier">,
  claim: Claim,
): boolean {
  const { fingerprint, identity, identifiedBy } = record;
  if (claim.fingerprint === fingerprint) return true;
  if (identifiedBy === "key" && (fingerprint === identity || claim.fingerprint === identity)) return true;
  return (earlier ?? []).some(
    ({ rules, record: before }) => rules === claim.rules && before.fingerprint === claim.fingerprint,
  );
}

function processed(record: EventRecord): Processed {
  const { identifiedBy, id } = record;
  return { outcome: "processed", identifiedBy, id, event: storedEvent(record) };
}

function duplicate({ identifiedBy }: EventRecord, claim: Claim, event: StoredEvent | null): Duplicate {
  return { outcome: "duplicate", identifiedBy, id: claim.id, event };
}

function conflict(
  prepared: Recorded,
  claim: Claim,
  event: StoredEvent | null,
  issues: readonly Issue[],
): Conflict {
  const { identifiedBy } = prepared.record;
  return {
    outcome: "conflict",
    identifiedBy,
    id: claim.id,
    event,
    parked: conflictingEvent(prepared, claim, issues),
    issues,
  };
}

function incompleteBatch({ twins, counted, sent }: IncompleteBatch): Issue {
  const message = `the batch has ${twins} events with this content, ${counted} of them are counted, and this call has only ${sent}, so it is unknown whether this one is counted; send the batch whole`;
  return { code: "batch_incomplete", path: "", message };
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

type Compared = readonly [string | null, string | null];

function shown(value: string | null): string {
  return value === null ? "absent" : quoted(value);
}

/** Returns the names of the dimensions of both events. */
function dimensionNames({ dimensions }: EventRecord, stored: StoredEvent | null): readonly string[] {
  if (stored === null) return [];
  return [...new Set([...Object.keys(dimensions ?? {}), ...Object.keys(stored.dimensions ?? {})])].sort();
}

const COMPARED: readonly (readonly [Exclude<Field, "idempotencyKey">, IssueCode])[] = [
  ["clientId", "client_id_differs"],
  ["metric", "metric_differs"],
  ["amount", "amount_differs"],
  ["unit", "unit_differs"],
  ["timestamp", "timestamp_differs"],
];

/**
 * Returns one issue for each field or dimension that differs from the stored event. If none is known to differ, returns
 * the issue `content_differs`. A receive time is not compared.
 */
export function differences(
  { record: sent, provenance }: Recorded,
  stored: StoredEvent | null,
): readonly Issue[] {
  const unstamped = provenance.timestamp === "receipt";
  const differing = (name: Field | DimensionKey, code: IssueCode, [ours, theirs]: Compared): Issue[] => {
    if (ours === theirs) return [];
    const message = `${name} is ${shown(ours)}; the event that holds the identity has ${shown(theirs)}`;
    return [{ code, path: provenance[name] ?? "", message }];
  };
  const fields = COMPARED.flatMap(([field, code]) =>
    stored === null || (field === "timestamp" && unstamped)
      ? []
      : differing(field, code, [sent[field] ?? null, stored[field]]),
  );
  const dimensions = dimensionNames(sent, stored).flatMap((name) =>
    differing(`dimension.${name}`, "dimension_differs", [
      sent.dimensions?.[name] ?? null,
      stored?.dimensions?.[name] ?? null,
    ]),
  );
  const issues = [...fields, ...dimensions];
  if (issues.length > 0) return issues;
  const message = `the content differs from the event that holds the identity (its fingerprint is not ${sent.fingerprint}); use a new key for a new event`;
  return [{ code: "content_differs", path: "", message }];
}

/** A field of a canonical event. */
export type Field = "clientId" | "metric" | "amount" | "unit" | "timestamp" | "idempotencyKey";

/**
 * Why an event was not counted, or, with `raw_differs`, why a duplicate was also parked. Codes are stable. Messages are
 * for people and may change.
 */
export type IssueCode =
  | "event_not_an_object"
  | "event_too_large"
  | "event_not_json"
  | "event_is_envelope"
  | "unwrap_failed"
  | "cloud_event_invalid"
  | "cloud_event_data_invalid"
  | "field_ambiguous"
  | "client_id_missing"
  | "client_id_mismatch"
  | "client_id_invalid"
  | "metric_missing"
  | "metric_invalid"
  | "idempotency_key_invalid"
  | "amount_missing"
  | "amount_not_a_number"
  | "amount_not_finite"
  | "amount_inexact"
  | "amount_too_long"
  | "unit_invalid"
  | "dimension_invalid"
  | "timestamp_missing"
  | "timestamp_not_recognized"
  | "timestamp_impossible"
  | "timestamp_ambiguous"
  | "timestamp_nonexistent"
  | "timestamp_repeated"
  | "timestamp_zone_unknown"
  | "timestamp_out_of_range"
  | "timestamp_before_earliest"
  | "timestamp_after_latest"
  | "timestamp_too_far_ahead"
  | "timestamp_too_old"
  | "identity_field_invalid"
  | "rule_failed"
  | "rule_unusable"
  | "mapping_unknown"
  | "client_id_differs"
  | "metric_differs"
  | "amount_differs"
  | "unit_differs"
  | "dimension_differs"
  | "timestamp_differs"
  | "content_differs"
  | "raw_differs"
  | "batch_incomplete"
  | "identical_event"
  | "refused_by_store"
  | "raw_not_kept"
  | "edit_failed";

/** One thing that is wrong with an event. */
export interface Issue {
  readonly code: IssueCode;
  /**
   * The dotted path into the raw event (`payload.amount`). Empty if the issue has no single path, for example if a field
   * is missing.
   */
  readonly path: string;
  /** States the problem, and usually how to fix it. */
  readonly message: string;
  /**
   * The error that the store or a function of the application threw. For logs. Not enumerable, so evt neither stores nor
   * sends it. Absent if nothing was thrown, or if the issue was read from the store.
   */
  readonly cause?: unknown;
}

/**
 * Returns a copy of the issue with a `cause` that is not enumerable. An error may name tables, files or secrets, which
 * must not be sent.
 */
export function causedIssue(issue: Issue, cause: unknown): Issue {
  return Object.defineProperty({ ...issue }, "cause", { value: cause });
}

/** An issue of one event of a call. */
export interface EventIssue extends Issue {
  /** The index of the event in the call. */
  readonly index: number;
}

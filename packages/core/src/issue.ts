/** A field of a canonical event. */
export type Field = "clientId" | "metric" | "amount" | "timestamp" | "idempotencyKey";

/**
 * Why an event was not counted. Codes are stable; messages are for people and may change. The prefix of a code names the
 * affected field.
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
  /** The dotted path into the raw event (`payload.amount`). Empty if the issue affects the whole event. */
  readonly path: string;
  /** States the problem and how to fix it. */
  readonly message: string;
  /**
   * The error that the store or a function of the application threw. For logs. Not enumerable, so evt neither stores nor
   * sends it. Absent if the issue was read from the store.
   */
  readonly cause?: unknown;
}

/**
 * Returns the issue with a `cause` that is not enumerable, because an error may name tables, files or secrets that must
 * not be sent.
 */
export function causedIssue(issue: Issue, cause: unknown): Issue {
  return Object.defineProperty({ ...issue }, "cause", { value: cause });
}

/** An issue of one event of a call. */
export interface EventIssue extends Issue {
  /** The index of the event in the call. */
  readonly index: number;
}

// For applications.

export type * from "./calls.js";
export { createEvt } from "./create-evt.js";
export type * from "./event.js";
export type * from "./evt.js";
export type { EvtErrorCode, EvtErrorOptions } from "./evt-error.js";
export { EvtError, isEvtError } from "./evt-error.js";
export type { EvtLimits, EvtOptions } from "./evt-options.js";
export { canonicalJson } from "./identity/canonical-json.js";
export { sha256Hex } from "./identity/sha256.js";
export { InexactNumber } from "./inexact-number.js";
export type { EventIssue, Field, Issue, IssueCode } from "./issue.js";
// For adapters that read events from JSON.
export { isExactNumber } from "./json/exact-number.js";
export { endOfPlainCharacters, isJsonSpace, JSON_CODE } from "./json/json-characters.js";
export type { NotJson } from "./json/json-reader.js";
export { readJson, whyNotJson } from "./json/json-reader.js";
export type { LineAndColumn } from "./json/line-and-column.js";
export { lineAndColumn } from "./json/line-and-column.js";
export type { AmountFormat } from "./normalize/amount.js";
export type { FieldDefaults, Mapping } from "./normalize/mapping.js";
export type { SelectContext, SelectMapping } from "./normalize/mapping-choice.js";
export type { MetricRules } from "./normalize/metric-rules.js";
export type { Normalize } from "./normalize/normalize.js";
export { createNormalize } from "./normalize/normalize.js";
export type { NormalizeContext, Normalized, NotNormalized } from "./normalize/normalized.js";
export type { RawPolicy } from "./normalize/raw-text.js";
export type { StandardIssue, StandardResult, StandardSchema } from "./normalize/standard-schema.js";
export type * from "./outcome.js";
export type * from "./queries.js";
export { compareDecimals, DecimalFold } from "./query/decimal.js";
export type { BreakerOptions } from "./queue/breaker.js";
export type { QueueLimits } from "./queue/group-commit.js";
export type { RetryOptions } from "./queue/retry.js";
export type { Runtime } from "./runtime/runtime.js";
export { TimeSlice } from "./runtime/time-slice.js";
export type * from "./store.js";
// For store authors.
export { isVisibleTo, MOST_ATTEMPTS, reasonsOf, storedEvent } from "./store-rules.js";
export type { FailingOptions, FailureMode } from "./testing/failing-store.js";
export { failing } from "./testing/failing-store.js";
export { canonicalTimestamp } from "./time/canonical-timestamp.js";
export type { TimestampFormat } from "./time/timestamp.js";
export { timestampMs } from "./time/timestamp.js";

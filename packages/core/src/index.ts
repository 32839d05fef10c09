// For applications.
export { createEvt } from "./create-evt.js";
export type { EvtLimits, EvtOptions } from "./evt-options.js";
export type * from "./evt.js";
export type * from "./event.js";
export type * from "./outcome.js";
export type { Field, Issue, IssueCode } from "./issue.js";
export type { FieldDefaults, Mapping } from "./mapping.js";
export type { SelectContext, SelectMapping } from "./mapping-choice.js";
export type { MetricRules } from "./metric-rules.js";
export type { AmountFormat } from "./amount.js";
export type { TimestampFormat } from "./timestamp.js";
export type { RawPolicy } from "./raw-text.js";
export type { QueueLimits } from "./group-commit.js";
export type { RetryOptions } from "./retry.js";
export type { Runtime } from "./runtime.js";
export type { StandardIssue, StandardResult, StandardSchema } from "./standard-schema.js";
export { EvtError, isEvtError } from "./evt-error.js";
export type { EvtErrorCode, EvtErrorOptions } from "./evt-error.js";
export { failing } from "./failing-store.js";
export type { FailingOptions, FailureMode } from "./failing-store.js";
export { InexactNumber } from "./inexact-number.js";
export { createNormalize } from "./normalize.js";
export type { Normalize, NormalizeContext, Normalized, NotNormalized } from "./normalize.js";

// For store authors.
export type * from "./store.js";
export { storedEvent } from "./stored-event.js";
export { timestampMs } from "./timestamp.js";
export { DecimalFold, compareDecimals } from "./decimal.js";
export { canonicalJson } from "./canonical-json.js";
export { sha256Hex } from "./sha256.js";

// `@evt/core`: for applications. Store authors, adapters and tests use the separate entries in entry/.
export type * from "./calls.js";
export type { MessageHeaders } from "./cloud-event/message-headers.js";
export { createEvt } from "./create-evt.js";
export type * from "./event.js";
export type * from "./evt.js";
export type { EvtErrorCode, EvtErrorOptions } from "./evt-error.js";
export { EvtError, isEvtError } from "./evt-error.js";
export type { EvtLimits, EvtOptions, NamedMappings } from "./evt-options.js";
export type * from "./evt-tenant.js";
export type { ExplainOptions, Explanation } from "./explain/explain.js";
export { explain } from "./explain/explain.js";
export type { ExplainedEvent } from "./explain/explained-event.js";
export { canonicalJson } from "./identity/canonical-json.js";
export type { EventIssue, Field, Issue, IssueCode } from "./issue.js";
export type { AmountFormat } from "./normalize/amount-format.js";
export type { FieldDefaults, Mapping } from "./normalize/mapping.js";
export type { SelectContext, SelectMapping } from "./normalize/mapping-choice.js";
export type { MetricRules } from "./normalize/metric-rules.js";
export type { Normalize } from "./normalize/normalize.js";
export { createNormalize } from "./normalize/normalize.js";
export type { NormalizeContext, Normalized, NotNormalized } from "./normalize/normalized.js";
export type { RawPolicy } from "./normalize/raw-text.js";
export type { StandardIssue, StandardResult, StandardSchema } from "./normalize/standard-schema.js";
export type { Optional } from "./option-checks.js";
export type * from "./outcome.js";
export type * from "./queries.js";
export type { TotalsKey, TotalsOptions } from "./query/combinations.js";
export type { BreakerOptions } from "./queue/breaker.js";
export type { QueueLimits } from "./queue/queue-limits.js";
export type { RetryOptions } from "./queue/retry.js";
export type { BatchLimits } from "./queue/waiting-line.js";
export type { Runtime } from "./runtime/runtime.js";
export type {
  EventRecord,
  ReasonCount,
  ReplayAttempt,
  ReplayStore,
  Store,
} from "./store.js";
export type { EpochOptions, EpochUnit } from "./time/epoch.js";
export type { TimestampFormat } from "./time/timestamp-format.js";

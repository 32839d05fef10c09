// `@evt/core/browser`: for pages and clients that predict how the server reads an event. It runs without Node.
export type {
  IdentifiedEvent,
  Identify,
  IdentifyCallOptions,
  IdentifyOptions,
} from "../browser/identify.js";
export { createIdentify } from "../browser/identify.js";
export type { AnySha256 } from "../browser/with-hashes.js";
export type { CanonicalEvent, DimensionKey, Dimensions, IdentifiedBy, Provenance } from "../event.js";
export type { Field, Issue, IssueCode } from "../issue.js";
export type { AmountFormat } from "../normalize/amount-format.js";
export type { FieldDefaults, Mapping } from "../normalize/mapping.js";
export type { SelectContext, SelectMapping } from "../normalize/mapping-choice.js";
export type { MetricRules } from "../normalize/metric-rules.js";
export type { Normalize } from "../normalize/normalize.js";
export { createNormalize } from "../normalize/normalize.js";
export type { NormalizeContext, Normalized, NotNormalized } from "../normalize/normalized.js";
export type { EpochOptions, EpochUnit } from "../time/epoch.js";
export type { TimestampFormat } from "../time/timestamp-format.js";

// `@evt/core/store`: for authors of stores. The interface to implement is `Store`.
export type {
  CanonicalEvent,
  DimensionFilter,
  Dimensions,
  Entry,
  EntryStatus,
  GivenKey,
  IdentifiedBy,
  NumberedBy,
  ParkedEvent,
  ParkedStatus,
  StoredEvent,
} from "../event.js";
export type { EvtErrorCode, EvtErrorOptions } from "../evt-error.js";
export { EvtError, isEvtError } from "../evt-error.js";
export { sha256Hex } from "../identity/sha256.js";
export type { Issue, IssueCode } from "../issue.js";
export type { GroupKey, OrderBy, SortDirection, TotalsSource } from "../queries.js";
export { compareCodePoints } from "../query/code-point-order.js";
export { compareDecimals, DecimalFold } from "../query/decimal.js";
export { pageOfTotals } from "../query/total-order.js";
export type * from "../store.js";
export {
  claimOf,
  isReplayStore,
  isVisibleTo,
  MOST_ATTEMPTS,
  reasonsOf,
  storedEvent,
} from "../store-rules.js";
export { canonicalTimestamp } from "../time/canonical-timestamp.js";
export { timestampMs } from "../time/timestamp.js";

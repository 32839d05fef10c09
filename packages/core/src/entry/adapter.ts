// `@evt/core/adapter`: for packages that connect evt to another system, such as HTTP, an outbox or webhooks.
export type { BinaryCloudEvent } from "../cloud-event/binary-mode.js";
export { binaryCloudEvent } from "../cloud-event/binary-mode.js";
export { InexactNumber, isInexactNumber } from "../inexact-number.js";
export { isExactNumber } from "../json/exact-number.js";
export { endOfPlainCharacters, isJsonSpace, JSON_CODE } from "../json/json-characters.js";
export type { NotJson } from "../json/json-reader.js";
export { readJson, whyNotJson } from "../json/json-reader.js";
export type { LineAndColumn } from "../json/line-and-column.js";
export { lineAndColumn } from "../json/line-and-column.js";
export { parseExactly } from "../json/parse-exactly.js";
export { givenTextProblem, tenantIdProblem } from "../normalize/text.js";
export type { Optional } from "../option-checks.js";
export {
  checkFlag,
  checkFunction,
  checkKnown,
  checkOneOf,
  checkWhole,
  withDefaults,
} from "../option-checks.js";
export type { Problem } from "../problem.js";
export { QUERY_LIMITS } from "../query/query-limits.js";
export { quoted } from "../quoted.js";
export type { FirstWarning, OnBackgroundError } from "../runtime/background-errors.js";
export { backgroundErrors } from "../runtime/background-errors.js";
export { aborted, before, Deadline, overdue } from "../runtime/deadline.js";
export { inTime } from "../runtime/in-time.js";
export type { Runtime } from "../runtime/runtime.js";
export { systemRuntime } from "../runtime/runtime.js";
export { TimeSlice } from "../runtime/time-slice.js";
export { canonicalTimestamp } from "../time/canonical-timestamp.js";
export type { InstantOptions } from "../time/instant.js";
export { parseInstant } from "../time/instant.js";
export { timestampMs } from "../time/timestamp.js";

import type { IssueCode } from "./issue.js";

/** Why a value is not valid. Parsers return a string or a problem, so that the common case allocates nothing else. */
export interface Problem {
  readonly code: IssueCode;
  /** Says what was wrong, with the value if it is short, and what to do. */
  readonly message: string;
}

import type { IssueCode } from "./issue.js";

/** Why a value is not acceptable. Parsers answer a text or a problem, so that the good case allocates nothing else. */
export interface Problem {
  readonly code: IssueCode;
  /** What was wrong, the value where it is short, and what to do. */
  readonly message: string;
}

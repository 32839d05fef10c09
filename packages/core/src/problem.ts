import type { IssueCode } from "./issue.js";

/**
 * The reason why a value is not valid. A parser returns either a string or a problem, so a valid value needs no wrapper
 * object.
 */
export interface Problem {
  readonly code: IssueCode;
  /** States what is wrong, and usually what to do. */
  readonly message: string;
}

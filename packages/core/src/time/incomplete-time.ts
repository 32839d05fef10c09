import type { Problem } from "../problem.js";
import { unreadable } from "./timestamp-problem.js";

const TIME_OF_DAY = /^\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[ap]m)?$/i;
/** A time with an offset without a sign: in a URL or a form, its `+` became a space. */
const WITHOUT_SIGN = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)? \d{2}:?\d{2}$/;

/** Returns the problem of a time with a missing part, or `null`. */
export function incompleteTime(text: string): Problem | null {
  if (TIME_OF_DAY.test(text))
    return unreadable(text, "is a time of day without a date; send date and time in one field");
  if (WITHOUT_SIGN.test(text))
    return unreadable(text, "has an offset without its sign; send + or -, and in a URL %2B in place of +");
  return null;
}

import { isEvtError } from "@evt/core";
import type { Limits } from "../limits.js";
import { isProblem, Problem } from "../problem.js";
import type { Line } from "./lines.js";
import { type ParsedJson, parseJson } from "./parse-json.js";
import { utf8Text } from "./utf8.js";

/** A line of a stream: an event, or the problem because of which the line is not an event. */
export type SentLine =
  | { readonly number: number; readonly raw: unknown; readonly rawJson: string }
  | { readonly number: number; readonly problem: Problem };

/** Parses one line. If the line is not an event, returns its `problem`, so that other lines are not affected. */
export async function sentLine({ number, bytes }: Line, limits: Limits): Promise<SentLine> {
  try {
    if (bytes === null) throw lineTooLarge(limits);
    const parsed = parseJson(utf8Text(bytes), limits, () => undefined, undefined, true);
    const { values, sources }: ParsedJson = parsed instanceof Promise ? await parsed : parsed;
    return { number, raw: values[0], rawJson: sources[0] ?? "" };
  } catch (error) {
    if (isProblem(error) && !isEvtError(error)) return { number, problem: ofLine(error) };
    throw error;
  }
}

function lineTooLarge({ bytes }: Limits): Problem {
  return new Problem(413, "EVT_BODY_TOO_LARGE", `body has more than ${bytes} bytes`);
}

/** Returns the problem with a message about the line instead of the body. */
function ofLine({ status, code, message }: Problem): Problem {
  const detail = message.replace(/^body /, "line ").replace(", at line 1, column ", ", at column ");
  return new Problem(status, code, detail);
}

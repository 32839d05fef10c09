import type { z } from "zod";
import { Problem } from "./problem.js";

/**
 * The checked query of a request, from its URL: `req.query` is whatever the host's parser made of it, and in
 * Express 5 a getter.
 * @throws Problem 400 that names the parameter that is unknown, repeated or wrong
 */
export function readQuery<S extends z.ZodObject>(schema: S, url: string): z.output<S> {
  const mark = url.indexOf("?");
  const given: Record<string, string> = {};
  if (mark !== -1) collect(new URLSearchParams(url.slice(mark)), Object.keys(schema.shape), given);
  const { data, error } = schema.safeParse(given);
  if (error === undefined) return data;
  const [issue] = error.issues;
  const name = String(issue?.path[0]);
  throw invalid(name, `${name} is ${shown(given[name] ?? "")}; ${issue?.message}`);
}

function collect(parameters: URLSearchParams, known: readonly string[], given: Record<string, string>): void {
  for (const [name, value] of parameters) {
    if (!known.includes(name)) {
      const takes = known.length === 0 ? "this path takes none" : `this path takes ${known.join(", ")}`;
      throw invalid(name, `there is no parameter ${shown(name)}; ${takes}`);
    }
    if (Object.hasOwn(given, name)) throw invalid(name, `${name} is given more than once; give it once`);
    given[name] = value;
  }
}

function invalid(parameter: string, detail: string): Problem {
  return new Problem(400, "EVT_INVALID_QUERY", detail, { parameter });
}

/** Short enough for a message. */
function shown(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}

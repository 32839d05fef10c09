import { quoted } from "@evt/core/adapter";
import type { z } from "zod";
import { Problem } from "../problem.js";

/**
 * Returns a function that reads a route's query from the URL. The function throws a Problem 400 that names an unknown,
 * repeated or invalid parameter. The query that the framework parsed is not used, because it depends on the host's settings.
 */
export function queryReader<S extends z.ZodObject>(schema: S): (url: string) => Readonly<z.output<S>> {
  const known = Object.keys(schema.shape);
  const absent = schema.parse({});
  return (url) => {
    const mark = url.indexOf("?");
    return mark === -1 ? absent : checked(schema, collect(new URLSearchParams(url.slice(mark)), known));
  };
}

function checked<S extends z.ZodObject>(schema: S, given: Readonly<Record<string, string>>): z.output<S> {
  const { data, error } = schema.safeParse(given);
  if (error === undefined) return data;
  const [issue] = error.issues;
  const name = String(issue?.path[0]);
  throw invalid(name, `${name} is ${quoted(given[name] ?? "")}; ${issue?.message}`);
}

function collect(parameters: URLSearchParams, known: readonly string[]): Readonly<Record<string, string>> {
  const given: Record<string, string> = {};
  for (const [name, value] of parameters) {
    if (!known.includes(name)) {
      const takes = known.length === 0 ? "this path takes none" : `this path takes ${known.join(", ")}`;
      throw invalid(name, `unknown parameter ${quoted(name)}; ${takes}`);
    }
    if (Object.hasOwn(given, name)) throw invalid(name, `${name} is given more than once; give it once`);
    given[name] = value;
  }
  return given;
}

function invalid(parameter: string, detail: string): Problem {
  return new Problem(400, "EVT_INVALID_QUERY", detail, { parameter });
}

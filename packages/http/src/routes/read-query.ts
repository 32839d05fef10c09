import { quoted } from "@evt/core/adapter";
import type { z } from "zod";
import { Problem } from "../problem.js";

interface ReaderOptions {
  readonly ignoreUnknown?: boolean;
}

/**
 * Returns a function that reads a route's query from the URL. The function throws a Problem 400 that names a repeated or
 * invalid parameter, or, without `ignoreUnknown`, an unknown one. The query that the framework parsed is not used, because
 * it depends on the host's settings.
 */
export function queryReader<S extends z.ZodObject>(
  schema: S,
  { ignoreUnknown = false }: ReaderOptions = {},
): (url: string) => Readonly<z.output<S>> {
  const known = Object.keys(schema.shape);
  const absent = schema.parse({});
  return (url) => {
    const mark = url.indexOf("?");
    return mark === -1
      ? absent
      : checked(schema, collect(new URLSearchParams(url.slice(mark)), known, ignoreUnknown));
  };
}

function checked<S extends z.ZodObject>(schema: S, given: Given): z.output<S> {
  const { values, dimensions } = given;
  const { data, error } = schema.safeParse(dimensions === undefined ? values : { ...values, dimensions });
  if (error === undefined) return data;
  const [issue] = error.issues;
  const [member, dimension] = issue?.path ?? [];
  const name = member === DIMENSIONS ? `${DIMENSION}${String(dimension)}` : String(member);
  const value = member === DIMENSIONS ? given.dimensions?.[String(dimension)] : given.values[name];
  throw invalid(name, `${name} is ${quoted(value ?? "")}; ${issue?.message}`);
}

/** The member of a schema that collects the parameters whose names begin with {@link DIMENSION}. */
const DIMENSIONS = "dimensions";
const DIMENSION = "dimension.";
/** A name must begin with a letter, because a member such as `__proto__` cannot be set. */
const DIMENSION_NAME = /^dimension\.[A-Za-z]/;

interface Given {
  readonly values: Readonly<Record<string, string>>;
  /** The dimensions by their names, without the prefix. */
  readonly dimensions: Readonly<Record<string, string>> | undefined;
}

function collect(parameters: URLSearchParams, known: readonly string[], ignoreUnknown: boolean): Given {
  const values: Record<string, string> = {};
  const dimensions: Record<string, string> = {};
  const plain = known.filter((name) => name !== DIMENSIONS);
  for (const [name, value] of parameters) {
    const isDimension = known.includes(DIMENSIONS) && DIMENSION_NAME.test(name);
    if (!isDimension && !plain.includes(name)) {
      if (ignoreUnknown) continue;
      const names = plain.length === known.length ? plain : [...plain, `${DIMENSION}<name>`];
      const takes = names.length === 0 ? "this path takes none" : `this path takes ${names.join(", ")}`;
      throw invalid(name, `unknown parameter ${quoted(name)}; ${takes}`);
    }
    const [given, key] = isDimension ? [dimensions, name.slice(DIMENSION.length)] : [values, name];
    if (Object.hasOwn(given, key)) throw invalid(name, `${name} is given more than once; give it once`);
    given[key] = value;
  }
  return { values, dimensions: Object.keys(dimensions).length > 0 ? dimensions : undefined };
}

function invalid(parameter: string, detail: string): Problem {
  return new Problem(400, "EVT_INVALID_QUERY", detail, { parameter });
}

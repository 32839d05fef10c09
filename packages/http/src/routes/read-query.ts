import { quoted } from "@evt/core/adapter";
import type { z } from "zod";
import { Problem } from "../problem.js";

interface ReaderOptions {
  readonly ignoreUnknown?: boolean;
}

/**
 * Returns a function that reads a route's query from the URL. The function throws a Problem 400 that names a repeated or
 * invalid parameter, or, without `ignoreUnknown`, an unknown one. The query that the framework parsed is not used, because
 * it depends on the host's settings. A parameter may have its {@link OTHER_NAMES other name}. The values of a repeated
 * {@link LISTS list} are joined with commas.
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
  const { values, dimensions, sentAs } = given;
  const { data, error } = schema.safeParse(dimensions === undefined ? values : { ...values, dimensions });
  if (error === undefined) return data;
  const [issue] = error.issues;
  const [member, dimension] = issue?.path ?? [];
  const name = member === DIMENSIONS ? `${DIMENSION}${String(dimension)}` : String(member);
  const value = member === DIMENSIONS ? given.dimensions?.[String(dimension)] : given.values[name];
  const sent = sentAs.get(name) ?? name;
  throw invalid(sent, `${sent} is ${quoted(value ?? "")}; ${issue?.message}`);
}

/** The member of a schema that collects the parameters whose names begin with {@link DIMENSION}. */
const DIMENSIONS = "dimensions";
const DIMENSION = "dimension.";
/** A name must begin with a letter, because a member such as `__proto__` cannot be set. */
const DIMENSION_NAME = /^dimension\.[A-Za-z]/;

/** Other names of parameters: those that core's queries use. */
export const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ["from", "startDate"],
  ["to", "endDate"],
]);
/** The parameters whose value is a list. */
const LISTS: ReadonlySet<string> = new Set(["groupBy"]);

interface Given {
  readonly values: Readonly<Record<string, string>>;
  /** The dimensions by their names, without the prefix. */
  readonly dimensions: Readonly<Record<string, string>> | undefined;
  /** The names in the URL, by the names in the schema. */
  readonly sentAs: ReadonlyMap<string, string>;
}

function collect(parameters: URLSearchParams, known: readonly string[], ignoreUnknown: boolean): Given {
  const values: Record<string, string> = {};
  const dimensions: Record<string, string> = {};
  const plain = known.filter((name) => name !== DIMENSIONS);
  const sentAs = new Map<string, string>();
  for (const [sent, value] of parameters) {
    const other = OTHER_NAMES.get(sent);
    const name = other !== undefined && plain.includes(other) ? other : sent;
    const isDimension = known.includes(DIMENSIONS) && DIMENSION_NAME.test(name);
    if (!isDimension && !plain.includes(name)) {
      if (ignoreUnknown) continue;
      const names = plain.length === known.length ? plain : [...plain, `${DIMENSION}<name>`];
      const takes = names.length === 0 ? "this path takes none" : `this path takes ${names.join(", ")}`;
      throw invalid(name, `unknown parameter ${quoted(name)}; ${takes}`);
    }
    const [given, key] = isDimension ? [dimensions, name.slice(DIMENSION.length)] : [values, name];
    const earlier = Object.hasOwn(given, key) ? given[key] : undefined;
    if (earlier !== undefined && !LISTS.has(name)) throw repeated(sent, sentAs.get(name) ?? sent);
    given[key] = earlier === undefined ? value : `${earlier},${value}`;
    sentAs.set(name, sent);
  }
  return { values, dimensions: Object.keys(dimensions).length > 0 ? dimensions : undefined, sentAs };
}

function repeated(sent: string, earlier: string): Problem {
  if (sent === earlier) return invalid(sent, `${sent} is given more than once; give it once`);
  return invalid(sent, `${earlier} and ${sent} are the same parameter; give one of them`);
}

function invalid(parameter: string, detail: string): Problem {
  return new Problem(400, "EVT_INVALID_QUERY", detail, { parameter });
}

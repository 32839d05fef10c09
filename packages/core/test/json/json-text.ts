import fc from "fast-check";

const space = fc.constantFrom("", "", " ", "\n", "\t\r ");
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((double) => JSON.stringify(double)),
  fc.integer().map(String),
  fc.stringMatching(/^-?(0|[1-9]\d{0,30})(\.\d{1,30})?([eE][-+]?\d{1,3})?$/),
);
const string = fc.oneof(
  fc.string({ unit: "binary" }).map((text) => JSON.stringify(text)),
  fc.constantFrom(
    '"\\u0000"',
    '"\\ud800"',
    '"\\""',
    '"\\\\"',
    '"[{,:}]"',
    '"\\/\\b\\f"',
    '"__proto__"',
    '"a"',
    '"amount"',
  ),
);

function valuesKeyedBy(key: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const { value } = fc.letrec<{ value: string; array: string; object: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.constantFrom("null", "true", "false", "{}", "[]"),
      number,
      string,
      tie("array"),
      tie("object"),
    ),
    array: fc
      .tuple(fc.array(tie("value"), { maxLength: 4 }), space)
      .map(([elements, gap]) => `[${elements.map((element) => gap + element + gap).join(",")}]`),
    object: fc
      .tuple(fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }), space)
      .map(
        ([members, gap]) =>
          `{${members.map(([name, member]) => `${gap}${name}${gap}:${gap}${member}`).join(",")}${gap}}`,
      ),
  }));
  return value;
}

/** Any JSON text: any spacing and escapes, equal keys, `__proto__`, numbers of any length. */
export const jsonText = valuesKeyedBy(string);

/**
 * The same without escapes in keys, which some versions of `JSON.parse` read wrongly:
 * https://github.com/nodejs/node/issues/63785
 */
export const plainlyKeyedJson = valuesKeyedBy(string.filter((key) => !key.includes("\\")));

const fragment = fc.constantFrom(
  "[",
  "]",
  "{",
  "}",
  '"',
  ",",
  ":",
  "\\",
  "1e400",
  "-",
  "0",
  "\u0000",
  "\ufeff",
  "null",
  "\\ud800",
  '"__proto__":',
  " ",
);

/** Almost JSON: a part is removed, inserted or cut off. */
export const mutatedJson = fc
  .tuple(jsonText, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 3 }), fc.option(fragment)), { maxLength: 3 }))
  .map(([text, changes]) =>
    changes.reduce((changed, [at, cut, put]) => {
      const place = at % (changed.length + 1);
      return changed.slice(0, place) + (put ?? "") + changed.slice(place + cut);
    }, text),
  );

/** Whether `JSON.parse` accepts the text. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

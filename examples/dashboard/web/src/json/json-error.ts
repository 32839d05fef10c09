/** The first place at which a text stops being JSON, in lines and columns that count from 1. */
export interface JsonError {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

const whitespace = /[ \t\n\r]*/y;
/** Any code point from the space on, but for the quote and the backslash; or an escape. */
const string = /"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const word = /true|false|null/y;

type Expected = "value" | "value or ]" | "key" | "key or }" | "colon" | "comma or end";

/**
 * Engines disagree on whether and how they tell the place of an error, so the page finds it by itself.
 * Without recursion: a nesting of any depth is no danger. `null` where the text is JSON (RFC 8259).
 */
export function jsonError(text: string): JsonError | null {
  const open: ("{" | "[")[] = [];
  let at = 0;
  let expected: Expected = "value";

  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at += found[0].length;
    return found !== null;
  };

  for (;;) {
    take(whitespace);
    const char = text[at];
    if (char === undefined) {
      if (expected === "comma or end" && open.length === 0) return null;
      return errorAt(text, at, endMessage(text, open.at(-1)));
    }
    const next = step(char);
    if (next === null) return errorAt(text, at, message(char, expected, open.at(-1)));
    expected = next;
  }

  function step(char: string): Expected | null {
    switch (expected) {
      case "value":
      case "value or ]":
        return stepValue(char);
      case "key":
      case "key or }":
        if (char === "}" && expected === "key or }") return close();
        return take(string) ? "colon" : null;
      case "colon":
        return char === ":" ? consume("value") : null;
      case "comma or end":
        return stepAfterValue(char);
    }
  }

  function stepValue(char: string): Expected | null {
    if (char === "]" && expected === "value or ]") return close();
    if (char === "{") {
      open.push("{");
      return consume("key or }");
    }
    if (char === "[") {
      open.push("[");
      return consume("value or ]");
    }
    return take(string) || take(number) || take(word) ? "comma or end" : null;
  }

  function stepAfterValue(char: string): Expected | null {
    const container = open.at(-1);
    if (container === "{" && char === ",") return consume("key");
    if (container === "[" && char === ",") return consume("value");
    if (container === "{" && char === "}") return close();
    if (container === "[" && char === "]") return close();
    return null;
  }

  function close(): Expected {
    open.pop();
    return consume("comma or end");
  }

  function consume(next: Expected): Expected {
    at++;
    return next;
  }
}

function errorAt(text: string, at: number, message: string): JsonError {
  const before = text.slice(0, at).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message };
}

function endMessage(text: string, open: "{" | "[" | undefined): string {
  if (text.trim() === "") return "there is nothing here yet";
  if (open === "{") return "the text ends before an object is closed with }";
  return open === "[" ? "the text ends before an array is closed with ]" : "the text ends too early";
}

function message(char: string, expected: Expected, open: "{" | "[" | undefined): string {
  const found = JSON.stringify(char);
  // where a text may stand, one that is found there and not taken is not whole
  const foundOrBroken = char === '"' ? "a text that is not closed, or holds a bad escape" : found;
  switch (expected) {
    case "value":
    case "value or ]":
      return `expected a value, found ${foundOrBroken}`;
    case "key":
    case "key or }":
      return `expected a name in double quotes, found ${foundOrBroken}`;
    case "colon":
      return `expected : after the name, found ${found}`;
    case "comma or end":
      if (open === undefined) return `expected the end of the text, found ${found}`;
      return `expected , or ${open === "{" ? "}" : "]"}, found ${found}`;
  }
}

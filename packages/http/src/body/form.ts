import { Problem } from "../problem.js";

/**
 * Returns a form as the source of a JSON object whose values are strings (URL Standard, "application/x-www-form-urlencoded
 * parsing"). Returns "" for an empty form.
 * @throws Problem 400 if a name is repeated, or if a name or a value is not UTF-8
 */
export function formJson(form: string): string {
  const members = new Map<string, string>();
  for (const pair of form.split("&")) {
    if (pair === "") continue;
    const mark = pair.indexOf("=");
    const name = decoded(mark === -1 ? pair : pair.slice(0, mark));
    if (members.has(name)) throw repeated(name);
    members.set(name, decoded(mark === -1 ? "" : pair.slice(mark + 1)));
  }
  if (members.size === 0) return "";
  // JSON.stringify of an object would lose the name __proto__, and would move numeric names to the front
  return `{${Array.from(members, ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`;
}

function decoded(text: string): string {
  const spaced = text.replaceAll("+", " ");
  try {
    // a percent sign without two hexadecimal digits is a literal percent sign
    return decodeURIComponent(spaced.replace(/%(?![0-9a-f]{2})/gi, "%25"));
  } catch {
    throw new Problem(400, "EVT_BODY_NOT_UTF8", "body has a percent-encoded value that is not UTF-8");
  }
}

function repeated(name: string): Problem {
  const detail = `body has ${JSON.stringify(name)} more than once; send each name once, or send JSON`;
  return new Problem(400, "EVT_INVALID_BODY", detail);
}

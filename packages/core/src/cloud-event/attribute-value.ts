/** Anything else must be percent-encoded. The space is for older versions of the binding, which did not require that. */
const PRINTABLE = /^[ -~]*$/;
const QUOTED = /^"(?:[^"\\]|\\.)*"$/;

/**
 * Returns the value of an attribute from its header, or `undefined` if it cannot be decoded (HTTP Protocol Binding for
 * CloudEvents 1.0.2, section 3.1.3.2): the value is unquoted, and then percent-decoded once.
 */
export function attributeValue(header: string): string | undefined {
  const sent = header.trim();
  if (!PRINTABLE.test(sent)) return undefined;
  const unquoted = QUOTED.test(sent) ? sent.slice(1, -1).replace(/\\(.)/g, "$1") : sent;
  try {
    return decodeURIComponent(unquoted);
  } catch {
    // a percent sign without two digits, or bytes that are not UTF-8
    return undefined;
  }
}

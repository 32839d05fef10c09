/**
 * The characters that a header may contain. All others must be percent-encoded. A plain space is allowed, because older
 * versions of the binding allowed it.
 */
const PRINTABLE = /^[ -~]*$/;
const QUOTED = /^"(?:[^"\\]|\\.)*"$/;

/**
 * Returns the value of an attribute from its header, or `undefined` if the header cannot be decoded. Removes quotation
 * marks, then percent-decodes once (HTTP Protocol Binding for CloudEvents 1.0.2, section 3.1.3.2).
 */
export function attributeValue(header: string): string | undefined {
  const sent = header.trim();
  if (!PRINTABLE.test(sent)) return undefined;
  const unquoted = QUOTED.test(sent) ? sent.slice(1, -1).replace(/\\(.)/g, "$1") : sent;
  try {
    return decodeURIComponent(unquoted);
  } catch {
    // a percent sign without two hex digits, or bytes that are not UTF-8
    return undefined;
  }
}

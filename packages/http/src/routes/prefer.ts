const MINIMAL = /(?:^|,)\s*return\s*=\s*(?:minimal|"minimal")\s*(?:$|[,;])/i;

/**
 * Returns whether a `Prefer` header asks for `return=minimal` (RFC 7240, section 4.2). Other preferences are ignored.
 */
export function prefersMinimal(header: string | readonly string[] | undefined): boolean {
  return header !== undefined && MINIMAL.test(String(header));
}

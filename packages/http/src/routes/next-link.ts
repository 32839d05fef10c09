import type { HttpResponse } from "../responses/http-response.js";

/**
 * Returns the header `Link` to the next page (RFC 8288). The target is only a query, so it does not depend on mount paths and
 * proxies.
 * @param url - The URL of this page, without the parameters that the routes ignore.
 * @param nextCursor - `null` if this is the last page.
 */
export function nextLink(url: string, nextCursor: string | null): Pick<HttpResponse, "headers"> {
  if (nextCursor === null) return {};
  const mark = url.indexOf("?");
  const parameters = new URLSearchParams(mark === -1 ? "" : url.slice(mark));
  // the cursor is a position after the skipped entries
  parameters.delete("skip");
  parameters.set("cursor", nextCursor);
  return { headers: { Link: `<?${parameters}>; rel="next"` } };
}

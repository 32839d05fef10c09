import type { HttpResponse } from "../responses/http-response.js";

/**
 * Returns the header `Link` that names the next page (RFC 8288). The target has only a query, so it is correct below any
 * mount path and behind any proxy. It has the request's parameters, without those that the routes ignore.
 * @param url - The URL of this page.
 * @param nextCursor - `null` if this is the last page.
 */
export function nextLink(url: string, nextCursor: string | null): Pick<HttpResponse, "headers"> {
  if (nextCursor === null) return {};
  const mark = url.indexOf("?");
  const parameters = new URLSearchParams(mark === -1 ? "" : url.slice(mark));
  // the cursor already contains the position after the skipped entries
  parameters.delete("skip");
  parameters.set("cursor", nextCursor);
  return { headers: { Link: `<?${parameters}>; rel="next"` } };
}

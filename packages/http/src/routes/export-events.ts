import type { Entry, EvtTenant, ListQuery } from "@evt/core";
import { Problem } from "../problem.js";
import { entryCsv, entryCsvHeader } from "../responses/entry-csv.js";
import { entryJson } from "../responses/entry-json.js";
import type { StreamedResponse } from "../responses/http-response.js";

/** The types of an export. */
export type ExportType = "application/x-ndjson" | "text/csv";

/** The number of entries in a page that is read from the store. */
const PAGE = 500;
const PAGING = ["limit", "cursor", "skip"] as const;

interface Format {
  readonly headers: Readonly<Record<string, string>>;
  readonly head: string;
  readonly toText: (entry: Entry) => string;
}

const FORMATS: Readonly<Record<ExportType, Format>> = {
  "application/x-ndjson": {
    headers: { "Content-Type": "application/x-ndjson" },
    head: "",
    toText: (entry) => `${entryJson(entry)}\n`,
  },
  "text/csv": {
    headers: csvHeaders("events"),
    head: entryCsvHeader,
    toText: entryCsv,
  },
};

/** Returns the headers of a CSV file. With these headers, a browser saves the file. */
export function csvHeaders(name: string): Readonly<Record<string, string>> {
  return {
    "Content-Type": "text/csv; charset=utf-8; header=present",
    "Content-Disposition": `attachment; filename="${name}.csv"`,
  };
}

/** @throws Problem 400 if a parameter selects a page */
export function requireNoPage(query: ListQuery): void {
  const parameter = PAGING.find((name) => query[name] !== undefined);
  if (parameter === undefined) return;
  const detail = `${parameter} is only possible with application/json; an export has all entries of its filter`;
  throw new Problem(400, "EVT_INVALID_QUERY", detail, { parameter });
}

/**
 * Begins an export of all entries that match the filter, the latest received first. Each page continues after the last entry of
 * the previous page. So the export omits events that are received after its first entry. The first page is read before the
 * response begins. If this read fails, the response is a problem.
 */
export async function exportEvents(
  tenant: EvtTenant,
  query: ListQuery,
  type: ExportType,
  signal: AbortSignal,
): Promise<StreamedResponse> {
  const { headers, head, toText } = FORMATS[type];
  const read = (cursor: string | undefined) => tenant.list({ ...query, limit: PAGE, cursor }, { signal });
  const first = await read(undefined);
  async function* parts() {
    let text = head;
    for (let page = first; ; page = await read(page.nextCursor ?? undefined)) {
      for (const entry of page.entries) text += toText(entry);
      if (text !== "") yield text;
      text = "";
      if (page.nextCursor === null) return;
    }
  }
  return { status: 200, headers, parts: parts() };
}

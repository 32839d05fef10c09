import type { Issue } from "../issue.js";
import { checkMapping } from "../normalize/check-mapping.js";
import type { Mapping } from "../normalize/mapping.js";
import { MappingChoice } from "../normalize/mapping-choice.js";
import type { NormalizeContext, Normalized, NotNormalized } from "../normalize/normalized.js";
import { checkKnown } from "../option-checks.js";
import type { Place } from "../outcome.js";
import { quoted } from "../quoted.js";
import type { ExplainedEvent } from "./explained-event.js";
import { explanationTable } from "./explanation-table.js";

/** Options of `explain`. */
export interface ExplainOptions {
  /** The receive time of the events: UTC, milliseconds. @defaultValue the current time */
  readonly receivedAt?: string | undefined;
  /** The vouched client. @defaultValue none */
  readonly clientId?: string | undefined;
}

/** The result of reading samples with a mapping. */
export interface Explanation {
  /**
   * One item for each event. A sample that is an envelope has one item for each of its events. `index` is the sample's
   * index, and `part` is the event's position in its envelope.
   */
  readonly events: readonly ExplainedEvent[];
  /** The events as a table in plain text. It has a line for each field that was read, and a line for each issue. */
  readonly table: string;
}

const OPTIONS = { receivedAt: true, clientId: true } satisfies Record<keyof ExplainOptions, true>;

/**
 * Tries a mapping on samples. The result has the fields with their paths, and the reasons for each refused event. It
 * needs no store.
 *
 * @throws TypeError if the mapping, the samples or an option is not valid
 *
 * @example
 * const { events, table } = explain({ fields: { amount: "net" } }, [{ client: "shop", net: "19.90" }]);
 * console.log(table);
 */
export function explain(
  mapping: Mapping,
  samples: readonly unknown[],
  options: ExplainOptions = {},
): Explanation {
  checkMapping("mapping", mapping);
  if (!Array.isArray(samples))
    throw new TypeError(`explain takes an array of samples, not ${quoted(samples)}`);
  checkKnown("explain", options, Object.keys(OPTIONS));
  const { receivedAt = new Date().toISOString(), clientId } = options;
  const choice = new MappingChoice({ mapping });
  const events = samples.flatMap((raw, index) => explained(raw, index, choice, { receivedAt, clientId }));
  return { events, table: explanationTable(events) };
}

function explained(
  raw: unknown,
  index: number,
  choice: MappingChoice,
  context: NormalizeContext,
): readonly ExplainedEvent[] {
  const mapping = choice.of(raw, undefined, { tenantId: "", clientId: context.clientId });
  if ("code" in mapping) return [refused(mapping, { index })];
  const unwrapped = mapping.unwrapper?.(raw);
  if (unwrapped === undefined) return [read(mapping.normalize(raw, context), { index })];
  if ("code" in unwrapped) return [refused(unwrapped, { index })];
  return unwrapped.events.map((event, part) =>
    read(choice.inside(mapping, event).normalize(event, context), { index, part }),
  );
}

function read(normalized: Normalized | NotNormalized, place: Place): ExplainedEvent {
  const { event: canonical, provenance } = normalized;
  const issues = normalized.outcome === "rejected" ? normalized.issues : [];
  return { ...place, canonical, provenance, issues };
}

function refused(issue: Issue, place: Place): ExplainedEvent {
  return { ...place, canonical: {}, provenance: {}, issues: [issue] };
}

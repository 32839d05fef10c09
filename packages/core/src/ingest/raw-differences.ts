import type { Provenance } from "../event.js";
import { type InexactNumber, isInexactNumber } from "../inexact-number.js";
import type { Issue } from "../issue.js";
import { parseExactly } from "../json/parse-exactly.js";
import { quoted } from "../quoted.js";
import type { Holder } from "../store.js";
import type { Recorded } from "./prepared-event.js";

/** The differences between a duplicate's raw event and the counted raw event. */
export interface RawDifferences {
  /** The dotted paths of the members that differ. Empty if the raw events could not be compared. */
  readonly members: readonly string[];
  /** One issue for each member. A single issue if the raw events could not be compared. */
  readonly issues: readonly Issue[];
}

/** The maximum number of members in the result. */
const MOST_NAMED = 20;

/**
 * Returns whether a duplicate's raw event may differ from the holder's raw event. Always `false` for an event with its
 * own key, because raw differences are then ignored.
 */
export function mayDiffer({ record }: Pick<Recorded, "record">, { claim, event }: Holder): boolean {
  const { rawHash = null, rawJson } = record;
  if (rawHash === null || claim.receiptId === record.receiptId) return false;
  if (claim.rawHash !== null) return claim.rawHash !== rawHash;
  // a version of evt that stored no hash made the claim, so the raw events themselves must be compared
  return (
    event !== null && (event.rawOmitted || (event.rawJson !== null && event.rawJson !== rawJson)) === true
  );
}

/**
 * Returns the differences between a duplicate's raw event and the holder's raw event. `null` if there are none, or if
 * the event has its own key.
 */
export function rawDifferences(prepared: Recorded, holder: Holder): RawDifferences | null {
  if (!mayDiffer(prepared, holder)) return null;
  const { claim, event } = holder;
  const stored = event === null || event.rawOmitted ? null : event.rawJson;
  if (stored === null) return unread("the raw event of the counted event cannot be read");
  const differing = differingMembers(prepared, stored, claim.rules);
  if (differing === null) return unread("one of the raw events is not JSON");
  return differing.length === 0 ? null : named(differing);
}

function unread(why: string): RawDifferences {
  const message = `the raw event differs from that of the event with this content, and ${why}; send a key with each event`;
  return { members: [], issues: [{ code: "raw_differs", path: "", message }] };
}

function named(differing: readonly Difference[]): RawDifferences {
  const issues = differing.map(({ path, sent, stored }): Issue => {
    const message = `${path} is ${sent}; the counted event with this content has ${stored}. If these are two events, send a key with each, or name ${path} in the mapping's \`identity.fields\``;
    return { code: "raw_differs", path, message };
  });
  return { members: differing.map(({ path }) => path), issues };
}

interface Difference {
  /** The dotted path into the raw event. */
  readonly path: string;
  /** The values, shortened for a message. */
  readonly sent: string;
  readonly stored: string;
}

/**
 * Returns up to 20 members in which two raw events differ. Ignores white space, the order of members, and the members
 * that evt read fields from, because their canonical content is equal. Returns `null` if one of the raw events is not
 * JSON.
 */
function differingMembers(
  prepared: Recorded,
  storedJson: string,
  rules: number,
): readonly Difference[] | null {
  try {
    const stored = parseExactly(storedJson);
    const paths = [prepared.provenance, prepared.provenanceOf?.(stored) ?? {}].flatMap((provenance) =>
      comparedPaths(provenance, rules),
    );
    const read = new Set(paths.filter((path) => !NO_PATHS.includes(path)));
    const differing: Difference[] = [];
    collect(parseExactly(prepared.record.rawJson ?? prepared.text), stored, "", read, differing);
    return differing;
  } catch {
    return null;
  }
}

/**
 * Returns the sources of the fields that these rules include in an identity. Version 1 did not include units and
 * dimensions.
 */
function comparedPaths(provenance: Provenance, rules: number): readonly string[] {
  const fields = Object.entries(provenance) as [keyof Provenance, string][];
  return fields.flatMap(([field, path]) =>
    rules === 1 && (field === "unit" || field.startsWith("dimension.")) ? [] : [path],
  );
}

/** Values of a provenance that are not paths. */
const NO_PATHS: readonly string[] = ["default", "caller", "receipt"];

/** Descends into objects, so that a path names the innermost member. Compares arrays as a whole. */
function collect(
  sent: unknown,
  stored: unknown,
  path: string,
  read: ReadonlySet<string>,
  differing: Difference[],
): void {
  if (differing.length >= MOST_NAMED || read.has(path)) return;
  const [ours, theirs] = [membersOf(sent, stored), membersOf(stored, sent)];
  if (ours === null || theirs === null) {
    if (!isEqual(sent, stored)) differing.push({ path, sent: shown(sent), stored: shown(stored) });
    return;
  }
  for (const name of [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].sort())
    collect(own(ours, name), own(theirs, name), path === "" ? name : `${path}.${name}`, read, differing);
}

/**
 * Returns the members of an object, and `null` for other values. An absent value counts as an empty object if `other`
 * is an object with members.
 */
function membersOf(value: unknown, other: unknown): Readonly<Record<string, unknown>> | null {
  if (isPlain(value)) return value;
  return value === undefined && isPlain(other) && Object.keys(other).length > 0 ? {} : null;
}

function own(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function shown(value: unknown): string {
  return value === undefined ? "absent" : quoted(value);
}

/** As in `identity.fields`, a number equals the string of its digits. */
function isEqual(a: unknown, b: unknown): boolean {
  if (isNumber(a) || isNumber(b)) return isScalar(a) && isScalar(b) && digitsOf(a) === digitsOf(b);
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((each, i) => isEqual(each, b[i]));
  if (!isPlain(a) || !isPlain(b)) return a === b;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isEqual(a[name], b[name]))
  );
}

function isNumber(value: unknown): value is number | InexactNumber {
  return typeof value === "number" || isInexactNumber(value);
}

function isScalar(value: unknown): value is string | number | InexactNumber {
  return typeof value === "string" || isNumber(value);
}

function digitsOf(value: string | number | InexactNumber): string {
  return isInexactNumber(value) ? value.text : String(value);
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isInexactNumber(value);
}

import type { PreparedEvent, Provenance } from "@evt/core";
import type { EventRecord, IdentifiedBy } from "@evt/core/store";

/**
 * The format that this version writes. A process leaves rows in another format in the outbox, so that a process of
 * another version can read them.
 */
const FORMAT = 1;

const IDENTIFIED_BY: readonly IdentifiedBy[] = ["key", "content", "window", "receipt"];

type Check = (value: unknown) => boolean;

const matches =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === "string" && pattern.test(value);
const nullOr =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

const absentOr =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

const isSmall: Check = (value) => Number.isInteger(value) && Number(value) > 0 && Number(value) < 2 ** 15;
const isHash = matches(/^[0-9a-f]{64}$/);
const isText: Check = (value) => typeof value === "string" && value.isWellFormed() && !value.includes("\0");
const isInstant: Check = (value) =>
  matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(\d{3})?Z$/)(value) &&
  !Number.isNaN(Date.parse(value as string));

const RECORD: Readonly<Record<keyof EventRecord, Check>> = {
  tenantId: isText,
  identity: isHash,
  id: isHash,
  fingerprint: isHash,
  identifiedBy: (value) => IDENTIFIED_BY.includes(value as IdentifiedBy),
  receiptId: matches(/^[0-9a-f]{32}$/),
  receivedAt: isInstant,
  lapsesAt: nullOr(isInstant),
  clientId: isText,
  metric: isText,
  amount: matches(/^-?\d{1,38}(\.\d{1,18})?$/),
  timestamp: isInstant,
  idempotencyKey: nullOr(isText),
  rawJson: nullOr((value) => typeof value === "string"),
  // rows of earlier versions do not have the members below
  rawHash: absentOr(nullOr((value) => Number.isSafeInteger(value) && Number(value) >= 0)),
  unit: absentOr(nullOr(isText)),
  dimensions: absentOr(nullOr((value) => isObject(value) && Object.values(value).every(isText))),
  rules: absentOr(isSmall),
  twins: absentOr(isSmall),
};

/**
 * Returns a prepared event as JSON text. Any UTF-8 database can store it, because JSON escapes the characters that
 * Postgres refuses.
 */
export function outboxText({
  record,
  provenance,
  vouchedClientId,
  sameContent,
  ordinal,
  numbered,
  unwrapped,
}: PreparedEvent): string {
  const marks = { vouchedClientId, sameContent, ordinal, numbered, unwrapped };
  return JSON.stringify({ format: FORMAT, record, provenance, ...marks });
}

/**
 * Returns the prepared event in a string. Returns `null` if the string is not a prepared event in a format that this
 * version knows.
 */
export function preparedEventOf(text: string): PreparedEvent | null {
  const parsed = parse(text);
  if (parsed?.["format"] !== FORMAT) return null;
  const { record, provenance, vouchedClientId, sameContent, ordinal, numbered, unwrapped } = parsed;
  if (!isObject(record) || !isObject(provenance)) return null;
  const isValid = Object.entries(RECORD).every(([member, check]) => check(record[member]));
  if (!isValid || !(vouchedClientId === undefined || isText(vouchedClientId))) return null;
  if (!(sameContent === undefined || sameContent === "conflict")) return null;
  if (!(ordinal === undefined || (Number.isSafeInteger(ordinal) && Number(ordinal) > 0))) return null;
  if (!(numbered === undefined || isNumberedBy(numbered))) return null;
  if (!(unwrapped === undefined || unwrapped === true)) return null;
  return {
    record: record as unknown as EventRecord,
    provenance: provenance as Provenance,
    ...(vouchedClientId !== undefined && { vouchedClientId: vouchedClientId as string }),
    ...(sameContent !== undefined && { sameContent }),
    ...(ordinal !== undefined && { ordinal: ordinal as number }),
    ...(numbered !== undefined && { numbered }),
    ...(unwrapped !== undefined && { unwrapped }),
  };
}

function isNumberedBy(value: unknown): value is NonNullable<PreparedEvent["numbered"]> {
  return isObject(value) && isSmall(value["rules"]) && absentOr(isText)(value["batchKey"]);
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import { checkKnown, checkOneOf } from "../option-checks.js";
import { quoted } from "../quoted.js";
import { type EpochOptions, epochRule, UNITS } from "../time/epoch.js";
import { isoInstant } from "../time/iso-instant.js";
import { isTimeZone } from "../time/time-zone.js";
import { isNamedZone } from "../time/zone-suffix.js";
import { DEFAULT_EARLIEST, DEFAULT_LATEST, type Mapping } from "./mapping.js";

const EPOCH = { unit: true, from: true, to: true } satisfies Record<keyof EpochOptions, true>;
const UNIT_NAMES = UNITS.map(([unit]) => unit);
/** Each unit has this many of the next smaller unit. */
const UNIT_RATIO = 1000;
/** 1971-01-01T00:00:00Z. The numbers of earlier times are too small to show their unit. */
const FIRST_SIZED_SECOND = 31_536_000;

/** @throws TypeError if a timestamp option of a mapping is not valid. @param what - names the mapping in the message */
export function checkTimestampOptions(what: string, mapping: Mapping): void {
  checkOneOf(`${what}.repeatedLocalTime`, mapping.repeatedLocalTime, ["first", "second", "reject"]);
  checkOneOf(`${what}.excelSerial`, mapping.excelSerial, [true, false, "1904"]);
  checkTimeZone(what, mapping);
  checkZoneNames(what, mapping);
  checkFormats(what, mapping);
  checkEpoch(what, mapping);
  checkBounds(what, mapping);
}

function checkTimeZone(what: string, { timeZone }: Mapping): void {
  if (timeZone === undefined || isTimeZone(timeZone)) return;
  throw new TypeError(
    `${what}.timeZone ${quoted(timeZone)} is unknown; name an IANA zone such as "Europe/Berlin"`,
  );
}

function checkZoneNames(what: string, { zoneNames = {} }: Mapping): void {
  if (typeof zoneNames !== "object" || zoneNames === null || Array.isArray(zoneNames))
    throw new TypeError(`${what}.zoneNames is ${quoted(zoneNames)}; it must be an object`);
  for (const [name, zone] of Object.entries(zoneNames)) {
    if (isNamedZone(zone)) continue;
    throw new TypeError(
      `${what}.zoneNames[${quoted(name)}] is ${quoted(zone)}; it must be an offset such as "-05:00", or an IANA zone such as "Europe/Berlin"`,
    );
  }
}

function checkFormats(what: string, { timestampFormats = [] }: Mapping): void {
  for (const format of timestampFormats) {
    if (typeof format?.parse !== "function")
      throw new TypeError(`${what}.timestampFormats: a format needs a parse function`);
  }
}

function checkEpoch(what: string, { epoch }: Mapping): void {
  if (epoch === undefined || typeof epoch === "string") return checkOneOf(`${what}.epoch`, epoch, UNIT_NAMES);
  checkKnown(`${what}.epoch`, epoch, Object.keys(EPOCH));
  checkOneOf(`${what}.epoch.unit`, epoch.unit, UNIT_NAMES);
  const { hasUnit, fromSecond, endSecond } = epochRule(epoch);
  if (fromSecond >= endSecond) throw new TypeError(`${what}.epoch: \`from\` must be before \`to\``);
  if (hasUnit) return;
  if (fromSecond < FIRST_SIZED_SECOND)
    throw new TypeError(`${what}.epoch: without \`unit\`, \`from\` must be 1971 or later`);
  if (endSecond > fromSecond * UNIT_RATIO)
    throw new TypeError(
      `${what}.epoch: a number from ${epoch.from} to ${epoch.to} can have two units; set \`unit\`, or a shorter range`,
    );
}

function checkBounds(what: string, { earliest = DEFAULT_EARLIEST, latest = DEFAULT_LATEST }: Mapping): void {
  const first = isoInstant(`${what}.earliest`, earliest);
  const last = isoInstant(`${what}.latest`, latest);
  if (first >= last) throw new TypeError(`${what}: earliest ${earliest} is not before latest ${latest}`);
}

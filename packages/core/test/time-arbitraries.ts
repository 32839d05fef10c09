import { FIRST_TIMESTAMP_MS, LAST_TIMESTAMP_MS } from "../src/time/canonical-timestamp.js";
import { fc } from "./properties.js";

/** Any millisecond of the years 0001 to 9999, most of them in this and the last century. */
export const epochMs: fc.Arbitrary<number> = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: Date.UTC(1900, 0), max: Date.UTC(2100, 0) }) },
  { weight: 1, arbitrary: fc.integer({ min: FIRST_TIMESTAMP_MS, max: LAST_TIMESTAMP_MS }) },
);

/** Unusual zones: half hours, changes at midnight, skipped and repeated days, large offsets. */
const ODD_ZONES = [
  "UTC",
  "Africa/Casablanca",
  "Africa/Monrovia",
  "America/Havana",
  "America/Juneau",
  "America/New_York",
  "America/Sao_Paulo",
  "America/St_Johns",
  "Asia/Beirut",
  "Asia/Gaza",
  "Asia/Kathmandu",
  "Asia/Kolkata",
  "Asia/Manila",
  "Australia/Lord_Howe",
  "Europe/Berlin",
  "Europe/Dublin",
  "Europe/London",
  "Pacific/Apia",
  "Pacific/Chatham",
  "Pacific/Kiritimati",
  "Pacific/Kwajalein",
];

export const timeZone: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...ODD_ZONES),
  fc.constantFrom(...Intl.supportedValuesOf("timeZone")),
);

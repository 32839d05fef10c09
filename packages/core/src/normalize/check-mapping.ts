import type { Field } from "../issue.js";
import { checkKnown, checkOneOf, checkWhole } from "../option-checks.js";
import { quoted } from "../quoted.js";
import { parseAmount } from "./amount.js";
import { type AmountFormat, groupSeparatorsOf, isCurrency } from "./amount-format.js";
import { checkTimestampOptions } from "./check-timestamp-options.js";
import { isDimensionName, MOST_DIMENSIONS } from "./dimensions.js";
import type { FieldDefaults, Mapping } from "./mapping.js";
import { parseText, parseUnit } from "./text.js";

const FIELDS = {
  clientId: true,
  metric: true,
  amount: true,
  unit: true,
  timestamp: true,
  idempotencyKey: true,
} satisfies Record<Field, true>;
const OPTIONS = {
  fields: true,
  dimensions: true,
  containers: true,
  unwrap: true,
  ambiguous: true,
  empty: true,
  unreadable: true,
  defaults: true,
  amount: true,
  timeZone: true,
  repeatedLocalTime: true,
  zoneNames: true,
  timestampFormats: true,
  epoch: true,
  excelSerial: true,
  earliest: true,
  latest: true,
  maxAheadMs: true,
  maxAgeMs: true,
  rules: true,
  identity: true,
  identical: true,
  key: true,
  sameContent: true,
  unstamped: true,
  windowMs: true,
} satisfies Record<keyof Mapping, true>;
const DEFAULTS = {
  clientId: true,
  metric: true,
  amount: true,
  unit: true,
  timestamp: true,
} satisfies Record<keyof FieldDefaults, true>;
const AMOUNT = {
  groupSeparator: true,
  decimalSeparator: true,
  grouping: true,
  currencies: true,
} satisfies Record<keyof AmountFormat, true>;
const LONGEST_WINDOW_MS = 366 * 86_400_000;

/** @throws TypeError if a mapping is not valid. @param what - names the mapping in the message */
export function checkMapping(what: string, mapping: Mapping): void {
  checkKnown(what, mapping, Object.keys(OPTIONS));
  checkFields(what, mapping);
  checkDimensions(what, mapping);
  checkDefaults(what, mapping);
  checkAmountFormat(what, mapping);
  checkOneOf(`${what}.ambiguous`, mapping.ambiguous, ["first", "reject"]);
  checkOneOf(`${what}.empty`, mapping.empty, ["value", "absent"]);
  checkOneOf(`${what}.unreadable`, mapping.unreadable, ["reject", "next"]);
  checkOneOf(`${what}.unstamped`, mapping.unstamped, ["window", "reject", "count-each"]);
  checkOneOf(`${what}.identical`, mapping.identical, ["merge", "ordinal", "reject"]);
  checkOneOf(`${what}.key`, mapping.key, ["compare", "decides"]);
  checkOneOf(`${what}.sameContent`, mapping.sameContent, ["merge", "conflict"]);
  checkWhole(`${what}.maxAheadMs`, mapping.maxAheadMs, 0);
  checkWhole(`${what}.maxAgeMs`, mapping.maxAgeMs, 0);
  checkWhole(`${what}.windowMs`, mapping.windowMs, 1, LONGEST_WINDOW_MS);
  checkTimestampOptions(what, mapping);
  checkUnwrap(what, mapping);
  checkIdentity(what, mapping);
  checkRules(what, mapping);
}

function checkFields(what: string, { fields = {}, containers = [] }: Mapping): void {
  checkKnown(`${what}.fields`, fields, Object.keys(FIELDS));
  for (const [field, names] of Object.entries(fields))
    if (names !== undefined && [names].flat().length > 0)
      checkNames(`${what}.fields.${field}`, [names].flat());
  if (containers.length > 0) checkNames(`${what}.containers`, containers);
}

function checkDimensions(what: string, { dimensions = {} }: Mapping): void {
  checkKnown(`${what}.dimensions`, dimensions, Object.keys(dimensions));
  const names = Object.keys(dimensions);
  if (names.length > MOST_DIMENSIONS)
    throw new TypeError(`${what}.dimensions has ${names.length} dimensions; the limit is ${MOST_DIMENSIONS}`);
  for (const name of names) {
    if (!isDimensionName(name))
      throw new TypeError(
        `${what}.dimensions has the name ${quoted(name)}; use a letter, then up to 62 letters, digits, "_" and "-"`,
      );
    checkNames(`${what}.dimensions.${name}`, [dimensions[name] ?? []].flat());
  }
}

function checkNames(what: string, names: readonly unknown[]): void {
  if (names.length > 0 && names.every((name) => typeof name === "string" && name !== "")) return;
  throw new TypeError(`${what} must be one or more names that are not empty; it is ${JSON.stringify(names)}`);
}

function checkDefaults(what: string, { defaults = {} }: Mapping): void {
  checkKnown(`${what}.defaults`, defaults, Object.keys(DEFAULTS));
  checkOneOf(`${what}.defaults.timestamp`, defaults.timestamp, ["receipt", "reject"]);
  checkConstant(`${what}.defaults.amount`, defaults.amount, parseAmount);
  checkConstant(`${what}.defaults.unit`, defaults.unit, parseUnit);
  checkConstant(`${what}.defaults.clientId`, defaults.clientId, (value) =>
    parseText(value, "it", "client_id_invalid"),
  );
  checkConstant(`${what}.defaults.metric`, defaults.metric, (value) =>
    parseText(value, "it", "metric_invalid"),
  );
}

function checkConstant(
  what: string,
  value: unknown,
  parse: (value: unknown) => string | { readonly message: string },
): void {
  if (value === undefined) return;
  const parsed = parse(value);
  if (parsed === value) return;
  const why = typeof parsed === "string" ? `write it as the string ${quoted(parsed)}` : parsed.message;
  throw new TypeError(`${what} is ${quoted(value)}: ${why}`);
}

function checkAmountFormat(what: string, { amount = {} }: Mapping): void {
  checkKnown(`${what}.amount`, amount, Object.keys(AMOUNT));
  const { decimalSeparator = ".", grouping, currencies = [] } = amount;
  const groupSeparators = groupSeparatorsOf(amount);
  if (!Array.isArray(groupSeparators)) throw notASeparator(`${what}.amount.groupSeparator`, groupSeparators);
  for (const each of groupSeparators) checkSeparator(`${what}.amount.groupSeparator`, each);
  checkSeparator(`${what}.amount.decimalSeparator`, decimalSeparator);
  if (groupSeparators.includes(decimalSeparator))
    throw new TypeError(`${what}.amount: both separators are ${quoted(decimalSeparator)}`);
  checkOneOf(`${what}.amount.grouping`, grouping, ["thousands", "indian"]);
  checkCurrencies(`${what}.amount.currencies`, currencies);
}

function checkSeparator(what: string, separator: unknown): void {
  if (typeof separator !== "string" || !/^[^0-9+\-eE]$/u.test(separator))
    throw notASeparator(what, separator);
}

function notASeparator(what: string, separator: unknown): TypeError {
  return new TypeError(
    `${what} is ${quoted(separator)}; it must be one character that does not occur in numbers`,
  );
}

function checkCurrencies(what: string, currencies: unknown): void {
  if (Array.isArray(currencies) && currencies.every(isCurrency)) return;
  throw new TypeError(
    `${what} is ${JSON.stringify(currencies)}; it must be an array of symbols and codes such as ["$", "USD"]`,
  );
}

function checkUnwrap(what: string, { unwrap }: Mapping): void {
  if (unwrap === undefined || unwrap === false || typeof unwrap === "function") return;
  if (typeof unwrap === "string" && unwrap !== "") return;
  throw new TypeError(`${what}.unwrap is ${quoted(unwrap)}; it must be a path, a function or false`);
}

function checkIdentity(what: string, { identity }: Mapping): void {
  if (identity === undefined || identity === "raw") return;
  checkKnown(`${what}.identity`, identity, ["fields"]);
  checkNames(`${what}.identity.fields`, [identity.fields].flat());
}

function checkRules(what: string, { rules = {} }: Mapping): void {
  for (const [metric, rule] of Object.entries(rules)) {
    if (typeof rule?.["~standard"]?.validate === "function") continue;
    throw new TypeError(
      `${what}.rules[${quoted(metric)}] is not a Standard Schema validator; zod, valibot and arktype make them`,
    );
  }
}

/**
 * A date in the calendar of ISO 8601: Gregorian even before 1582, with a year 0. Months are 1 to 12. The functions of
 * this file convert dates to days since 1970-01-01 and back. They let years begin in March, so that a leap day is the
 * last day of a year. Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms",
 * https://howardhinnant.github.io/date_algorithms.html.
 */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export const SECOND_MS = 1000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** 0000-03-01 in days since 1970-01-01: the first day of year 0, if years begin in March. */
const MARCH_OF_YEAR_0 = -719_468;
const DAYS_OF_400_YEARS = 146_097;

export function daysFromCivil(year: number, month: number, day: number): number {
  const yearFromMarch = month > 2 ? year : year - 1;
  const monthFromMarch = (month + 9) % 12;
  const leapDays =
    Math.floor(yearFromMarch / 4) - Math.floor(yearFromMarch / 100) + Math.floor(yearFromMarch / 400);
  return MARCH_OF_YEAR_0 + yearFromMarch * 365 + leapDays + daysBeforeMonth(monthFromMarch) + day - 1;
}

export function civilFromDays(days: number): CivilDate {
  const sinceYear0 = days - MARCH_OF_YEAR_0;
  const era = Math.floor(sinceYear0 / DAYS_OF_400_YEARS);
  const dayOfEra = sinceYear0 - era * DAYS_OF_400_YEARS;
  const yearOfEra = yearOfDayOfEra(dayOfEra);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const yearFromMarch = yearOfEra + era * 400;
  return {
    year: month > 2 ? yearFromMarch : yearFromMarch + 1,
    month,
    day: dayOfYear - daysBeforeMonth(monthFromMarch) + 1,
  };
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Returns 0 for Monday to 6 for Sunday. */
export function weekdayOf(days: number): number {
  // 1970-01-01 was a Thursday
  return remainder(days + 3, 7);
}

/** Returns the remainder of floored division. For a positive divisor, it is never negative, unlike `%`. */
export function remainder(value: number, divisor: number): number {
  return value - Math.floor(value / divisor) * divisor;
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/**
 * Returns the days from the first of March to a month. The lengths of months repeat 31, 30, 31, 30, 31 from March on, so
 * one formula is enough.
 */
function daysBeforeMonth(monthFromMarch: number): number {
  return Math.floor((153 * monthFromMarch + 2) / 5);
}

/** Returns the year that contains a day. Both are counted from the start of 400 years. */
function yearOfDayOfEra(day: number): number {
  return Math.floor(
    (day - Math.floor(day / 1460) + Math.floor(day / 36_524) - Math.floor(day / 146_096)) / 365,
  );
}

/** The parameters of a core query. Over HTTP, `from` and `to` are named `startDate` and `endDate`. */
export type ParametersOf<Query> = {
  readonly [Name in keyof Query as Name extends "from"
    ? "startDate"
    : Name extends "to"
      ? "endDate"
      : Name]-?: unknown;
};

interface Dates {
  readonly startDate?: string;
  readonly endDate?: string;
}

/** Renames the dates of a query to core's names. */
export function coreRange<Q extends Dates>({ startDate, endDate, ...rest }: Q) {
  return { ...rest, from: startDate, to: endDate };
}

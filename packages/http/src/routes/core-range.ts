interface Dates {
  readonly startDate?: string;
  readonly endDate?: string;
}

/** Renames the dates of a query to core's names. */
export function coreRange<Q extends Dates>({
  startDate,
  endDate,
  ...rest
}: Q): Omit<Q, keyof Dates> & { readonly from?: string; readonly to?: string } {
  return {
    ...rest,
    ...(startDate !== undefined && { from: startDate }),
    ...(endDate !== undefined && { to: endDate }),
  };
}

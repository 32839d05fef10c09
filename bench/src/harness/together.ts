import type { Measure } from "./contest.js";

/**
 * Returns measures of several rows that one run measures together. Each run provides one value for each row. A row whose
 * value of the last run was already used starts another run. So a round needs one run.
 */
export function together<Name extends string>(
  names: readonly Name[],
  run: () => Promise<Readonly<Record<Name, number>>>,
): readonly (readonly [Name, Measure])[] {
  const unused = new Map<Name, number>();
  const measure = (name: Name) => async (): Promise<number> => {
    if (!unused.has(name)) {
      const values = await run();
      for (const each of names) unused.set(each, values[each]);
    }
    const value = unused.get(name) as number;
    unused.delete(name);
    return value;
  };
  return names.map((name) => [name, measure(name)] as const);
}

/**
 * Returns how often a test repeats something: `short` with `npm test`, `deep` with `npm run test:deep`. The short
 * form must still detect the removal of every guard that the test covers. It may do so with a lower probability, or
 * name the place less precisely.
 */
export function depth<T>(short: T, deep: T): T {
  return process.env.EVT_TEST_DEPTH === "deep" ? deep : short;
}

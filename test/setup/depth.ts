/**
 * Returns how often a test repeats something: `short` with `npm test`, `deep` with `npm run test:deep`. The short form
 * must still fail for every guard that the test holds, only less certainly or with a less precise place.
 */
export function depth<T>(short: T, deep: T): T {
  return process.env.EVT_TEST_DEPTH === "deep" ? deep : short;
}

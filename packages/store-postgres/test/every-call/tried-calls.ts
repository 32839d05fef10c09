import { ANOMALIES, type Anomaly, hasOwnCount } from "./anomalies.js";

/**
 * The calls of an operation that are disturbed. `each`: every call. `each statement`: of the calls with equal SQL, the
 * first and a fifth of the others; all anomalies together affect every call. This is for an operation that repeats
 * statements in each of its steps. `sample`: every anomaly at the first call, a third of them at each further call up to
 * the tenth, and one of them at each third call after that.
 */
export type Calls = "each" | "each statement" | "sample";

const FIFTHS = ANOMALIES.filter((anomaly) => !hasOwnCount(anomaly));

/** Returns true if the anomaly is tried at the nth call. `statements` is the SQL of the calls of an undisturbed run. */
export function isTried(
  calls: Calls,
  anomaly: Anomaly,
  call: number,
  statements: readonly string[],
): boolean {
  if (calls === "sample") return isInSample(ANOMALIES.indexOf(anomaly), call);
  if (calls === "each" || hasOwnCount(anomaly) || call > statements.length) return true;
  const earlier = statements.slice(0, call - 1).filter((sql) => sql === statements[call - 1]).length;
  return earlier === 0 || earlier % 5 === FIFTHS.indexOf(anomaly) % 5;
}

function isInSample(index: number, call: number): boolean {
  return call === 1 || (call <= 10 ? call % 3 === index % 3 : call % 30 === 3 * index);
}

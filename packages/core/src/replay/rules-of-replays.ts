import type { ParkedEvent } from "../event.js";
import type { Identifier } from "../identity/identifier.js";
import type { Prepared } from "../ingest/prepared-event.js";
import { areCounted, numberedBefore, type ReadHolders } from "../ingest/rules-of-groups.js";
import { type RetryContext, withRetry } from "../queue/retry.js";
import type { ReplayStore } from "../store.js";

/** A parked event, prepared as a replay would count it. */
export interface Candidate {
  readonly parked: ParkedEvent;
  readonly prepared: Prepared;
}

/** The number of positions of a group that a replay looks up under earlier rules. */
const POSITIONS = 100;

interface Context extends RetryContext {
  readonly store: ReplayStore;
  readonly identifier: Identifier;
}

/**
 * Returns the earlier rules of each parked event that must be counted under them, because they counted an equal event of
 * the same batch. A replay has only some events of a batch, so it looks up the first positions of the whole group.
 */
export async function rulesOfReplays(
  candidates: readonly Candidate[],
  context: Context,
  signal: AbortSignal,
): Promise<ReadonlyMap<ParkedEvent, Identifier>> {
  const { identifier } = context;
  const groups = candidates.flatMap(({ parked, prepared }) =>
    [...numberedBefore(prepared), ...numberedByParked(parked, prepared)].flatMap(({ rules, twin }) => {
      const earlier = identifier.earlier.find((each) => each.rules === rules);
      return earlier === undefined ? [] : { parked, rules, twin, earlier, name: `${rules} ${twin.group}` };
    }),
  );
  const distinct = [...new Map(groups.map((each) => [each.name, each])).values()];
  const records = distinct.map(({ twin }) =>
    Array.from({ length: POSITIONS }, (_, ordinal) => twin.recordAt(ordinal)),
  );
  const read: ReadHolders = (all) =>
    withRetry(() => context.store.holders(all, { signal, rawChars: 0 }), context, signal);
  const found = await areCounted(distinct, records, read);
  const counted = new Set(distinct.filter((_, i) => found[i]).map(({ name }) => name));
  const rules = new Map<ParkedEvent, Identifier>();
  for (const { parked, earlier, name } of groups)
    if (counted.has(name) && !rules.has(parked)) rules.set(parked, earlier);
  return rules;
}

/** Returns the rules that numbered an event before it was parked, if its identity is the same under the current rules. */
function numberedByParked({ givenKey }: ParkedEvent, { earlier, twin }: Prepared) {
  const numbered = givenKey !== null && "key" in givenKey ? givenKey.numbered : undefined;
  return numbered === undefined || earlier !== undefined || twin === null
    ? []
    : [{ rules: numbered.rules, twin }];
}

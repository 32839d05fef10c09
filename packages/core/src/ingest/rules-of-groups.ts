import type { EventRecord, Holder } from "../store.js";
import type { EarlierIdentity, Prepared, Twin } from "./prepared-event.js";

/** Reads the holders of records, without raw events. Holder i belongs to record i. */
export type ReadHolders = (records: readonly EventRecord[]) => Promise<readonly (Holder | null)[]>;

/** The equal events of one call under earlier rules. */
interface Group {
  readonly rules: number;
  readonly members: Map<Prepared, EarlierIdentity>;
  /** Whether an event of the group has another identity under the current rules. */
  isChanged: boolean;
}

/**
 * Returns the events of a call, each as it is counted: if earlier rules counted one of the equal events of a group, all of
 * the group has its identities under these rules. Otherwise, an ordinal of one version would be compared with an ordinal
 * of the other, and an event could be counted twice. Only a process with the earlier rules starts a group under them. So
 * all processes with newer rules find the same rules.
 */
export async function underRulesOfGroups(
  prepared: readonly Prepared[],
  read: ReadHolders,
): Promise<readonly Prepared[]> {
  const groups = groupsOf(prepared).filter(({ isChanged }) => isChanged);
  const records = groups.map(({ members }) => [...members.values()].map(({ record }) => record));
  const found = await areCounted(groups, records, read);
  const earlier = new Map<Prepared, EarlierIdentity>();
  for (const [i, { members }] of groups.entries())
    if (found[i]) for (const [each, identity] of members) if (!earlier.has(each)) earlier.set(each, identity);
  if (earlier.size === 0) return prepared;
  return prepared.map((each) => {
    const identity = earlier.get(each);
    return identity === undefined ? each : under(identity, each);
  });
}

/**
 * Returns for each group whether one of its records is counted under the group's rules. A claim with newer rules is
 * ignored, because it may be the claim of an event that is not in the group.
 */
export async function areCounted(
  groups: readonly { readonly rules: number }[],
  records: readonly (readonly EventRecord[])[],
  read: ReadHolders,
): Promise<readonly boolean[]> {
  const all = records.flat();
  if (all.length === 0) return groups.map(() => false);
  const holders = await read(all);
  let at = 0;
  return groups.map(({ rules }, i) => {
    const some = holders.slice(at, at + (records[i]?.length ?? 0));
    at += some.length;
    return some.some((holder) => holder !== null && holder.claim.rules <= rules);
  });
}

/** Returns the groups of all earlier rules, the earliest rules first. */
function groupsOf(prepared: readonly Prepared[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const each of prepared)
    for (const identity of numberedBefore(each)) {
      const { rules, twin, record } = identity;
      const name = nameOf(rules, twin);
      const group = groups.get(name) ?? { rules, members: new Map(), isChanged: false };
      groups.set(name, group);
      group.members.set(each, identity);
      group.isChanged ||= record.identity !== each.record.identity;
    }
  const names = [...new Set([...groups.values()].map(({ rules }) => rules))];
  // the events before the first changed event of a call have the same identity under all rules
  for (const each of prepared) {
    const { twin, record, earlier, distinguishing } = each;
    if (twin === null || earlier !== undefined) continue;
    for (const rules of names)
      groups.get(nameOf(rules, twin))?.members.set(each, { rules, record, twin, distinguishing });
  }
  return [...groups.values()].sort((a, b) => a.rules - b.rules);
}

/** Returns the earlier identities of an event whose call numbered it. */
export function numberedBefore({
  earlier = [],
}: Prepared): readonly (EarlierIdentity & { readonly twin: Twin })[] {
  return earlier.flatMap((each) => (each.twin === null ? [] : { ...each, twin: each.twin }));
}

function nameOf(rules: number, { group }: Twin): string {
  return `${rules} ${group}`;
}

/** Returns an event with its identity under earlier rules. */
function under({ record, rules, twin, distinguishing }: EarlierIdentity, prepared: Prepared): Prepared {
  const { numbered, ordinal } = prepared;
  const isOwn = record.idempotencyKey === null;
  return {
    ...prepared,
    record,
    twin,
    distinguishing,
    ordinal: isOwn ? (twin?.ordinal ?? ordinal) : 0,
    numbered: numbered && { ...numbered, rules },
    earlier: undefined,
  };
}

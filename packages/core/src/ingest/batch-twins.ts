import type { Prepared, Refused } from "./prepared-event.js";

/** The number of groups that are remembered. The oldest are forgotten first. */
const MOST_REMEMBERED = 10_000;

/**
 * Remembers how many equal events the batches of this process had, so that a part of a batch that failed is recognized when
 * it is sent again. The claims of counted events store the same number, for other processes and after a restart.
 */
export class BatchTwins {
  readonly #most = new Map<string, number>();

  /** Notes that a batch has so many events of a group. Returns the most that any call had. */
  note(group: string, count: number): number {
    const most = Math.max(count, this.#most.get(group) ?? 1);
    if (most === 1) return 1;
    this.#most.delete(group);
    this.#most.set(group, most);
    if (this.#most.size > MOST_REMEMBERED) this.#most.delete(this.#most.keys().next().value as string);
    return most;
  }
}

/** Returns how many events of each group a call has. An envelope that is twice in a call has the same ordinals twice. */
export function groupSizes(prepared: readonly Prepared[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { twin } of prepared)
    if (twin !== null) sizes.set(twin.group, Math.max(sizes.get(twin.group) ?? 0, twin.ordinal + 1));
  return sizes;
}

/** Returns the events of a call with the number of their twins in their records. */
export function withTwins(
  tenantId: string,
  prepared: readonly (Prepared | Refused)[],
  known: BatchTwins,
): readonly (Prepared | Refused)[] {
  if (!prepared.some((each) => each.outcome === "prepared" && each.twin !== null)) return prepared;
  const sizes = groupSizes(prepared.filter((each) => each.outcome === "prepared"));
  const twins = new Map([...sizes].map(([group, size]) => [group, known.note(`${tenantId} ${group}`, size)]));
  return prepared.map((each) => {
    const count = each.outcome === "prepared" && each.twin !== null ? (twins.get(each.twin.group) ?? 1) : 1;
    return count === 1 ? each : counting(each as Prepared, count);
  });
}

function counting(prepared: Prepared, twins: number): Prepared {
  return { ...prepared, record: { ...prepared.record, twins: Math.min(twins, MOST_TWINS) } };
}

/** The greatest number that stores hold: two bytes. */
const MOST_TWINS = 32_767;

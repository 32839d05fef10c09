import type { Prepared, Refused } from "./prepared-event.js";

/** Maximum number of remembered groups. The oldest group is forgotten first. */
const MOST_REMEMBERED = 10_000;

/**
 * Remembers how many equal events each batch had in this process. If a client sends only a part of a failed batch
 * again, evt recognizes the part by this number. Claims store the number too, for other processes and after a restart.
 */
export class BatchTwins {
  readonly #most = new Map<string, number>();

  /** Records the size of a group in one call. Returns the greatest size so far. */
  note(group: string, count: number): number {
    const most = Math.max(count, this.#most.get(group) ?? 1);
    if (most === 1) return 1;
    this.#most.delete(group);
    this.#most.set(group, most);
    if (this.#most.size > MOST_REMEMBERED) this.#most.delete(this.#most.keys().next().value as string);
    return most;
  }
}

/** Returns the size of each group: the greatest ordinal plus 1, because a call can have the same envelope twice. */
export function groupSizes(prepared: readonly Prepared[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { twin } of prepared)
    if (twin !== null) sizes.set(twin.group, Math.max(sizes.get(twin.group) ?? 0, twin.ordinal + 1));
  return sizes;
}

/** Returns the events with the greatest known size of each group in the record's `twins`. */
export function withTwins<Event extends Prepared | Refused>(
  tenantId: string,
  prepared: readonly Event[],
  known: BatchTwins,
): readonly (Event | Prepared)[] {
  if (!prepared.some((each) => each.outcome === "prepared" && each.twin !== null)) return prepared;
  const sizes = groupSizes(
    prepared.flatMap((each) => (each.outcome === "prepared" ? [each as Prepared] : [])),
  );
  const twins = new Map([...sizes].map(([group, size]) => [group, known.note(`${tenantId} ${group}`, size)]));
  return prepared.map((each) => {
    const count = each.outcome === "prepared" && each.twin !== null ? (twins.get(each.twin.group) ?? 1) : 1;
    return count === 1 ? each : counting(each as Prepared, count);
  });
}

function counting(prepared: Prepared, twins: number): Prepared {
  return { ...prepared, record: { ...prepared.record, twins: Math.min(twins, MOST_TWINS) } };
}

/** Stores hold the number as a two-byte integer. */
const MOST_TWINS = 32_767;

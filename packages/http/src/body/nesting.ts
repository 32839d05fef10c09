import type { Limits } from "../limits.js";
import { Problem } from "../problem.js";

/**
 * Returns the problem for an event that is nested too deeply. The limit is needed because `JSON.stringify` can overflow the
 * stack on an event that `JSON.parse` accepted.
 */
export function tooDeep(depth: number): Problem {
  return new Problem(
    400,
    "EVT_BODY_TOO_DEEP",
    `body has an event that is nested too deeply; the limit is ${depth} levels`,
  );
}

/** Returns the problem for an event with too many members. The limit is needed because each member uses memory. */
export function tooManyMembers(members: number): Problem {
  return new Problem(
    413,
    "EVT_EVENT_TOO_LARGE",
    `body has an event with too many members; the limit is ${members}`,
  );
}

/**
 * Checks parsed events level by level, without recursion. @throws Problem 400 if an event is too deep, 413 if it has
 * too many members
 */
export function requireShallow(events: readonly unknown[], { depth, members }: SizeLimits): void {
  for (const event of events) {
    let containers = [event].filter(isContainer);
    let counted = 0;
    for (let level = 1; containers.length > 0; level++) {
      if (level > depth) throw tooDeep(depth);
      const values = containers.flatMap((container) => Object.values(container));
      counted += values.length;
      if (counted > members) throw tooManyMembers(members);
      containers = values.filter(isContainer);
    }
  }
}

type SizeLimits = Pick<Limits, "depth" | "members">;

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

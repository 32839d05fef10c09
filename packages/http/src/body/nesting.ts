import type { RequestLimits } from "../limits.js";
import { Problem } from "../problem.js";

/** Whoever walks a value that deep runs out of stack: `JSON.stringify` does where `JSON.parse` did not. */
export function tooDeep(depth: number): Problem {
  return new Problem(
    400,
    "EVT_BODY_TOO_DEEP",
    `body has an event nested more than ${depth} deep, which is the limit`,
  );
}

/** An event with that many members is no event, and each of them is memory. */
export function tooManyMembers(members: number): Problem {
  return new Problem(
    413,
    "EVT_EVENT_TOO_LARGE",
    `body has an event with more than ${members} members, which is the limit`,
  );
}

/** Looks level by level, without recursion. @throws Problem 400 where an event is nested deeper than `depth`, 413 where it is larger */
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

type SizeLimits = Pick<Required<RequestLimits>, "depth" | "members">;

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

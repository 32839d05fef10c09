import { Problem } from "./problem.js";

/** Whoever walks a value that deep runs out of stack: `JSON.stringify` does where `JSON.parse` did not. */
export function tooDeep(depth: number): Problem {
  return new Problem(
    400,
    "EVT_BODY_TOO_DEEP",
    `body has an event nested more than ${depth} deep, which is the limit`,
  );
}

/** Looks level by level, without recursion. @throws Problem 400 where an event is nested deeper than `depth` */
export function requireShallow(events: readonly unknown[], depth: number): void {
  let containers = events.filter(isContainer);
  for (let level = 1; containers.length > 0; level++) {
    if (level > depth) throw tooDeep(depth);
    containers = containers.flatMap((container) => Object.values(container).filter(isContainer));
  }
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

import { isInexactNumber } from "../inexact-number.js";

/** The result of a lookup: a value and its path. Reused for many lookups, so that a lookup allocates nothing. */
export class Found {
  value: unknown = undefined;
  path = "";

  set(value: unknown, path: string): true {
    this.value = value;
    this.path = path;
    return true;
  }
}

/** A raw event, or an object inside it. */
export type RawObject = Readonly<Record<string, unknown>>;

/** The containers of an event, in the mapping's order. `undefined` for each container that the event does not have. */
export type Containers = readonly (RawObject | undefined)[];

const NO_CONTAINERS: Containers = [];

/** One name of a field. */
export interface Alias {
  readonly name: string;
  /** The position among the names of its field. */
  readonly rank: number;
  /** The steps of a dotted path. */
  readonly steps: readonly string[] | undefined;
  /** Whether the dotted path leads into a container. */
  readonly isContained: boolean;
  /** The paths of this name in the containers, one for each container. */
  readonly containedPaths: readonly string[];
}

/**
 * Finds one field by its names, which are compiled once. All names are looked up at the event's top level first. With one
 * exception, containers are searched only if the top level has none of the names.
 *
 * The exception: if a dotted path leads into a container, the names before it are looked up in the containers first. So
 * `["net", "properties.total"]` prefers `net`, even if it is in a container.
 */
export class FieldLookup {
  readonly aliases: readonly Alias[];
  /** The position in the shapes of the mapping. */
  readonly index: number;
  readonly #skipsEmpty: boolean;

  /**
   * @param containers - the names of the containers to search
   * @param skipsEmpty - whether a string that is empty or has only white space counts as absent
   * @param index - the position in the shapes of the mapping. @defaultValue 0, for a lookup without shapes
   */
  constructor(names: readonly string[], containers: readonly string[], skipsEmpty = false, index = 0) {
    this.#skipsEmpty = skipsEmpty;
    this.index = index;
    this.aliases = names.map((name, rank) => {
      const steps = name.includes(".") ? name.split(".") : undefined;
      return {
        name,
        rank,
        steps,
        isContained: steps !== undefined && containers.includes(steps[0] as string),
        containedPaths: containers.map((container) => `${container}.${name}`),
      };
    });
  }

  /**
   * Finds the first name whose value is present and not `null`. Sets `found`. Returns whether there is one.
   * @param direct, contained - the aliases to look up in the event, and in its containers. @defaultValue all
   */
  first(
    raw: RawObject,
    containers: Containers,
    found: Found,
    direct: readonly Alias[] = this.aliases,
    contained: readonly Alias[] = this.aliases,
  ): boolean {
    for (const alias of direct) {
      if (!atOwnLevel(alias, raw, containers, found) || this.#skips(found)) continue;
      if (alias.isContained && !Object.hasOwn(raw, alias.name))
        this.#contained(containers, contained, alias.rank, found);
      return true;
    }
    return containers.length > 0 && this.#contained(containers, contained, this.aliases.length, found);
  }

  /**
   * Returns the path of another name that has a different value, or `undefined`. With such a name, the field is
   * ambiguous.
   */
  rival(raw: RawObject, containers: Containers, first: Readonly<Found>): string | undefined {
    for (const { value, path } of this.all(raw, containers))
      if (path !== first.path && !isSame(value, first.value)) return path;
    return undefined;
  }

  /** Yields each value of the field that is present and not `null`, the top level first. All results share one object. */
  *all(raw: RawObject, containers: Containers): Generator<Readonly<Found>> {
    const found = new Found();
    for (const alias of this.aliases)
      if (atOwnLevel(alias, raw, containers, found) && !this.#skips(found)) yield found;
    for (const { name, containedPaths } of this.aliases) {
      for (const [i, path] of containedPaths.entries()) {
        const value = own(containers[i], name);
        if (value !== undefined && found.set(value, path) && !this.#skips(found)) yield found;
      }
    }
  }

  #skips({ value }: Readonly<Found>): boolean {
    return this.#skipsEmpty && typeof value === "string" && value.trim() === "";
  }

  /** Finds, in the containers, the first of the aliases whose rank is below `end`. */
  #contained(containers: Containers, aliases: readonly Alias[], end: number, found: Found): boolean {
    for (const { name, rank, containedPaths } of aliases) {
      if (rank >= end) return false;
      for (let at = 0; at < containedPaths.length; at++) {
        const value = own(containers[at], name);
        if (value !== undefined && found.set(value, containedPaths[at] as string) && !this.#skips(found))
          return true;
      }
    }
    return false;
  }
}

/**
 * Returns the containers of an event.
 * @param positions - the positions of the containers that the event may have. @defaultValue all
 */
export function containersOf(
  raw: RawObject,
  names: readonly string[],
  positions: Iterable<number> = names.keys(),
): Containers {
  let found: (RawObject | undefined)[] | undefined;
  for (const i of positions) {
    const name = names[i] as string;
    if (!Object.hasOwn(raw, name)) continue;
    const container = raw[name];
    if (!isObject(container)) continue;
    found ??= new Array(names.length);
    found[i] = container;
  }
  return found ?? NO_CONTAINERS;
}

export function isObject(value: unknown): value is RawObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Returns the value at a dotted path from the top level. A member whose name itself contains the dots takes precedence.
 */
export function valueAt(raw: RawObject, path: string): unknown {
  return Object.hasOwn(raw, path) ? raw[path] : walk(raw, path.split("."));
}

/**
 * Returns the value at a dotted path from the top level. If that is absent or `null`, returns a container's value of that
 * name. If no container has one, returns what the top level has: `null` or `undefined`.
 */
export function valueAtAnyLevel(raw: RawObject, containers: Containers, path: string): unknown {
  const value = valueAt(raw, path);
  if (value !== undefined && value !== null) return value;
  for (const container of containers) {
    const contained = own(container, path);
    if (contained !== undefined) return contained;
  }
  return value;
}

function atOwnLevel({ name, steps }: Alias, raw: RawObject, containers: Containers, found: Found): boolean {
  const value = own(raw, name) ?? (steps && walk(raw, steps));
  if (value === undefined || value === null) return false;
  // a container may have the same name as a field
  if (typeof value === "object" && containers.includes(value as RawObject)) return false;
  return found.set(value, name);
}

/** Compares inexact numbers by their text, because each of them is a separate object. */
function isSame(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || (isInexactNumber(a) && isInexactNumber(b) && a.text === b.text);
}

/**
 * Reads own properties only, so that `constructor` and `__proto__` are normal data. Returns `undefined` instead of
 * `null`.
 */
function own(object: RawObject | undefined, name: string): unknown {
  if (object === undefined || !Object.hasOwn(object, name)) return undefined;
  return object[name] ?? undefined;
}

function walk(from: unknown, steps: readonly string[]): unknown {
  let at = from;
  for (const step of steps) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as RawObject)[step];
  }
  return at;
}

/** The result of a lookup: a value and its path. Reused for many lookups, so that an event allocates none. */
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

/** The containers of an event, in the order of the mapping. `undefined` for one that the event does not have. */
export type Containers = readonly (RawObject | undefined)[];

const NO_CONTAINERS: Containers = [];

interface Alias {
  readonly name: string;
  /** The steps of a dotted path. */
  readonly steps: readonly string[] | undefined;
  /** The path of this name in the i-th container. */
  readonly containedPaths: readonly string[];
}

/** Finds one field by its names, which are compiled once. */
export class FieldLookup {
  readonly #aliases: readonly Alias[];

  constructor(names: readonly string[], containers: readonly string[]) {
    this.#aliases = names.map((name) => ({
      name,
      steps: name.includes(".") ? name.split(".") : undefined,
      containedPaths: containers.map((container) => `${container}.${name}`),
    }));
  }

  /** Finds the first alias that is present and not null. For one alias, the containers come before the top level. */
  first(raw: RawObject, containers: Containers, found: Found): boolean {
    for (const alias of this.#aliases) if (find(alias, raw, containers, found)) return true;
    return false;
  }

  /** Returns the path of another alias that is present with another value, which makes the field ambiguous. */
  rival(raw: RawObject, containers: Containers, first: Readonly<Found>): string | undefined {
    for (const alias of this.#aliases) {
      for (const { value, path } of findAll(alias, raw, containers)) {
        if (path !== first.path && !Object.is(value, first.value)) return path;
      }
    }
    return undefined;
  }
}

/** Returns the containers of an event. Most events have one or none, so most lookups touch one object. */
export function containersOf(raw: RawObject, names: readonly string[]): Containers {
  let found: (RawObject | undefined)[] | undefined;
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    if (!Object.hasOwn(raw, name)) continue;
    const container = raw[name];
    if (!isObject(container)) continue;
    found ??= new Array(names.length);
    found[i] = container;
  }
  return found ?? NO_CONTAINERS;
}

/** Returns the value at a dotted path from the top level. A key that contains the dots itself comes first. */
export function valueAt(raw: RawObject, path: string): unknown {
  return Object.hasOwn(raw, path) ? raw[path] : walk(raw, path.split("."));
}

export function isObject(value: unknown): value is RawObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function find(alias: Alias, raw: RawObject, containers: Containers, found: Found): boolean {
  const { name, steps, containedPaths } = alias;
  for (let i = 0; i < containers.length; i++) {
    const value = own(containers[i], name);
    if (value !== undefined) return found.set(value, containedPaths[i] as string);
  }
  const value = own(raw, name) ?? (steps && walk(raw, steps));
  return value !== undefined && value !== null && found.set(value, name);
}

function* findAll(alias: Alias, raw: RawObject, containers: Containers): Generator<Readonly<Found>> {
  const found = new Found();
  for (const [i, container] of containers.entries()) {
    const value = own(container, alias.name);
    if (value !== undefined) {
      found.set(value, alias.containedPaths[i] as string);
      yield found;
    }
  }
  if (find(alias, raw, NO_CONTAINERS, found)) yield found;
}

/** Reads own properties only, so that `constructor` and `__proto__` are normal data. */
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

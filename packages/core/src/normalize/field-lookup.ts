/** What a look-up found, and where it stood. One is used for many look-ups: an event costs none of its own. */
export class Found {
  value: unknown = undefined;
  path = "";

  set(value: unknown, path: string): true {
    this.value = value;
    this.path = path;
    return true;
  }
}

export type RawObject = Readonly<Record<string, unknown>>;

/** The objects inside an event that may hold its fields, in the order of the mapping; `undefined` where there is none. */
export type Boxes = readonly (RawObject | undefined)[];

const NO_BOXES: Boxes = [];

interface Alias {
  readonly name: string;
  /** For a dotted path: its steps. */
  readonly steps: readonly string[] | undefined;
  /** What a value found in the i-th container is called. */
  readonly boxedPaths: readonly string[];
}

/** Finds one field, by names that were compiled once. */
export class FieldLookup {
  readonly #aliases: readonly Alias[];

  constructor(names: readonly string[], containers: readonly string[]) {
    this.#aliases = names.map((name) => ({
      name,
      steps: name.includes(".") ? name.split(".") : undefined,
      boxedPaths: containers.map((container) => `${container}.${name}`),
    }));
  }

  /** The first alias that is present and not null; for one alias, the containers before the top. */
  first(raw: RawObject, boxes: Boxes, found: Found): boolean {
    for (const alias of this.#aliases) if (find(alias, raw, boxes, found)) return true;
    return false;
  }

  /** The path of another alias that is present with another value: what makes the first one ambiguous. */
  rival(raw: RawObject, boxes: Boxes, first: Readonly<Found>): string | undefined {
    for (const alias of this.#aliases) {
      for (const { value, path } of findAll(alias, raw, boxes)) {
        if (path !== first.path && !Object.is(value, first.value)) return path;
      }
    }
    return undefined;
  }
}

/** The containers that are there. Most events have one or none, and most look-ups then touch one object. */
export function openBoxes(raw: RawObject, containers: readonly string[]): Boxes {
  let boxes: (RawObject | undefined)[] | undefined;
  for (let i = 0; i < containers.length; i++) {
    const name = containers[i] as string;
    if (!Object.hasOwn(raw, name)) continue;
    const box = raw[name];
    if (!isObject(box)) continue;
    boxes ??= new Array(containers.length);
    boxes[i] = box;
  }
  return boxes ?? NO_BOXES;
}

/** The value at a dotted path from the top; a key that holds the dots itself comes first. */
export function valueAt(raw: RawObject, path: string): unknown {
  return Object.hasOwn(raw, path) ? raw[path] : walk(raw, path.split("."));
}

export function isObject(value: unknown): value is RawObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function find(alias: Alias, raw: RawObject, boxes: Boxes, found: Found): boolean {
  const { name, steps, boxedPaths } = alias;
  for (let i = 0; i < boxes.length; i++) {
    const value = own(boxes[i], name);
    if (value !== undefined) return found.set(value, boxedPaths[i] as string);
  }
  const value = own(raw, name) ?? (steps && walk(raw, steps));
  return value !== undefined && value !== null && found.set(value, name);
}

function* findAll(alias: Alias, raw: RawObject, boxes: Boxes): Generator<Readonly<Found>> {
  const found = new Found();
  for (const [i, box] of boxes.entries()) {
    const value = own(box, alias.name);
    if (value !== undefined) {
      found.set(value, alias.boxedPaths[i] as string);
      yield found;
    }
  }
  if (find(alias, raw, NO_BOXES, found)) yield found;
}

/** `Object.hasOwn`, so that `constructor` and `__proto__` are data like any other and never the prototype's. */
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

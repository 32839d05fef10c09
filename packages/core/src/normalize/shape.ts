import {
  type Alias,
  type Containers,
  containersOf,
  type FieldLookup,
  type RawObject,
} from "./field-lookup.js";

/** The members of an object that a mapping looks up. Two objects share a shape if they have the same ones. */
export interface Shape {
  /** For each lookup, by its `index`: its aliases that the object may have. */
  readonly aliases: readonly (readonly Alias[])[];
  /** The positions of the containers that the object may have, in ascending order. */
  readonly containers: readonly number[];
}

/** All objects whose looked-up members have these names, in this order. */
class Branch {
  readonly names: readonly string[];
  /** The branches with one more name, by the position of that name. */
  readonly next: (Branch | undefined)[] = [];
  shape: Shape | undefined = undefined;

  constructor(names: readonly string[]) {
    this.names = names;
  }
}

/** Maximum number of cached branches. If there are more, the cache is cleared. */
const MOST_BRANCHES = 1_024;

/**
 * Finds the shapes of objects from the names of their members. Objects have few members and fields have many names, so a
 * shape avoids most lookups. Shapes are cached. They ignore members that the mapping does not look up, so there are few.
 */
export class Shapes {
  readonly #lookups: readonly FieldLookup[];
  readonly #containers: readonly string[];
  readonly #positions: ReadonlyMap<string, number>;
  #root = new Branch([]);
  #count = 0;

  /** @param lookups - each at its own `index` */
  constructor(lookups: readonly FieldLookup[], containers: readonly string[]) {
    const names = lookups.flatMap(({ aliases }) => aliases.map(({ name }) => name));
    this.#lookups = lookups;
    this.#containers = containers;
    this.#positions = new Map([...new Set([...names, ...containers])].map((name, i) => [name, i]));
  }

  of(object: RawObject): Shape {
    let branch = this.#root;
    for (const name in object) {
      const position = this.#positions.get(name);
      if (position !== undefined) branch = branch.next[position] ?? this.#add(branch, position, name);
    }
    branch.shape ??= this.#shapeOf(new Set(branch.names));
    return branch.shape;
  }

  /** Returns the containers of an object with this shape. */
  containersOf(raw: RawObject, { containers }: Shape): Containers {
    return containersOf(raw, this.#containers, containers);
  }

  #add(branch: Branch, position: number, name: string): Branch {
    if (++this.#count > MOST_BRANCHES) {
      this.#root = new Branch([]);
      this.#count = 0;
    }
    const next = new Branch([...branch.names, name]);
    branch.next[position] = next;
    return next;
  }

  #shapeOf(names: ReadonlySet<string>): Shape {
    return {
      // a dotted path may exist although no member has its name
      aliases: this.#lookups.map(({ aliases }) =>
        aliases.filter(({ name, steps }) => names.has(name) || steps !== undefined),
      ),
      containers: this.#containers.flatMap((name, i) => (names.has(name) ? i : [])),
    };
  }
}

import type { UnstampedRule } from "../identity/identifier.js";
import { causedIssue, type Issue } from "../issue.js";
import { quoted } from "../quoted.js";
import { isObject } from "./field-lookup.js";
import { cloudEventMapping, type Mapping } from "./mapping.js";
import { createNormalize, type Normalize } from "./normalize.js";

/** A mapping made ready. */
export interface CompiledMapping extends UnstampedRule {
  readonly normalize: Normalize;
}

export interface SelectContext {
  readonly tenantId: string;
  readonly clientId: string | undefined;
}

/** Names the mapping for an event; `undefined`: the usual choice. */
export type SelectMapping = (raw: unknown, context: SelectContext) => string | undefined;

export interface MappingOptions {
  readonly mapping?: Mapping | undefined;
  readonly mappings?: Readonly<Record<string, Mapping>> | undefined;
  readonly selectMapping?: SelectMapping | undefined;
}

const DEFAULT_WINDOW_MS = 300_000;

/**
 * Chooses the mapping of an event: the one the caller names, else the one `selectMapping` names, else that of a
 * CloudEvent where `specversion` is present, else the default.
 */
export class MappingChoice {
  readonly #named: ReadonlyMap<string, CompiledMapping>;
  readonly #select: SelectMapping | undefined;
  readonly #cloudEvent: CompiledMapping;
  readonly #default: CompiledMapping;

  constructor({ mapping = {}, mappings = {}, selectMapping }: MappingOptions) {
    this.#default = compile(mapping);
    this.#cloudEvent = compile(cloudEventMapping(mapping));
    this.#named = new Map(Object.entries(mappings).map(([name, each]) => [name, compile(each)]));
    this.#select = selectMapping;
  }

  has(name: string): boolean {
    return this.#named.has(name);
  }

  names(): readonly string[] {
    return [...this.#named.keys()];
  }

  /** The mapping, or the issue where `selectMapping` failed or named one that is not there. */
  of(raw: unknown, named: string | undefined, context: SelectContext): CompiledMapping | Issue {
    const name = named ?? this.#selected(raw, context);
    if (typeof name === "object") return name;
    if (name === undefined) return isCloudEvent(raw) ? this.#cloudEvent : this.#default;
    return (
      this.#named.get(name) ?? unknownMapping(`selectMapping named ${quoted(name)}; there is no such mapping`)
    );
  }

  #selected(raw: unknown, context: SelectContext): string | undefined | Issue {
    if (this.#select === undefined) return undefined;
    try {
      return this.#select(raw, context);
    } catch (error) {
      return causedIssue(unknownMapping("selectMapping threw; its error is the cause of this issue"), error);
    }
  }
}

function unknownMapping(message: string): Issue {
  return { code: "mapping_unknown", path: "", message };
}

function compile(mapping: Mapping): CompiledMapping {
  return {
    normalize: createNormalize(mapping),
    unstamped: mapping.unstamped ?? "window",
    windowMs: mapping.windowMs ?? DEFAULT_WINDOW_MS,
  };
}

function isCloudEvent(raw: unknown): boolean {
  try {
    return isObject(raw) && Object.hasOwn(raw, "specversion") && typeof raw["specversion"] === "string";
  } catch {
    // it throws again when it is normalized, and is refused there
    return false;
  }
}

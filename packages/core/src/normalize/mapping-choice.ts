import type { UnstampedRule } from "../identity/identifier.js";
import { causedIssue, type Issue } from "../issue.js";
import { quoted } from "../quoted.js";
import { isObject } from "./field-lookup.js";
import { cloudEventNames, fieldNames } from "./field-names.js";
import type { Mapping } from "./mapping.js";
import { compiledNormalize, type Normalize } from "./normalize.js";
import type { Unwrap } from "./unwrap.js";
import { type Unwrapper, unwrapperOf } from "./unwrapper.js";

/** A compiled mapping. */
export interface CompiledMapping extends UnstampedRule {
  readonly normalize: Normalize;
  /**
   * Normalizes an event from an envelope. If `unwrap` is a function, such an event is not checked for being an envelope,
   * because the function has already separated the events.
   */
  readonly normalizePart: Normalize;
  /** `undefined` if the mapping does not unwrap. */
  readonly unwrapper: Unwrapper | undefined;
  /** Returns the unwrapper for the `unwrap` option of one call, in place of the mapping's own unwrapper. */
  readonly unwrapperFor: (unwrap: string | false | Unwrap) => Unwrapper | undefined;
  readonly identical: NonNullable<Mapping["identical"]> | undefined;
  readonly keyDecides: boolean;
  readonly sameContent: NonNullable<Mapping["sameContent"]>;
}

/** The information that `selectMapping` gets in addition to the raw event. */
export interface SelectContext {
  readonly tenantId: string;
  /** The vouched client. */
  readonly clientId: string | undefined;
}

/**
 * Returns the name of the mapping for an event, or `undefined` for the default choice. If the function throws or returns
 * an unknown name, the event is rejected with `mapping_unknown`.
 *
 * @example
 * const selectMapping: SelectMapping = (raw, { clientId }) => (clientId === "legacy" ? "v1" : undefined);
 */
export type SelectMapping = (raw: unknown, context: SelectContext) => string | undefined;

/** The mappings of one evt. */
export interface MappingOptions {
  /** The default mapping. @defaultValue {} */
  readonly mapping?: Mapping | undefined;
  /** Further mappings by name. @defaultValue none */
  readonly mappings?: Readonly<Record<string, Mapping>> | undefined;
  /** Returns the name of the mapping for an event. @defaultValue the default choice for each event */
  readonly selectMapping?: SelectMapping | undefined;
}

const DEFAULT_WINDOW_MS = 300_000;

/** The part of {@link MappingChoice} that is needed to read events. */
export type Choice = Pick<MappingChoice, "of" | "inside" | "unwraps" | "numbers">;

/**
 * Chooses the mapping of an event. The first of these applies: the caller's choice, the result of `selectMapping`, the
 * mapping for CloudEvents if `specversion` is a string, the default mapping.
 */
export class MappingChoice {
  readonly #named: ReadonlyMap<string, CompiledMapping>;
  readonly #select: SelectMapping | undefined;
  readonly #cloudEvent: CompiledMapping;
  readonly #default: CompiledMapping;
  /** Whether any of the mappings unwraps. */
  readonly unwraps: boolean;
  /** Whether any of the mappings numbers equal events. */
  readonly numbers: boolean;

  constructor({ mapping = {}, mappings = {}, selectMapping }: MappingOptions) {
    this.#default = compile(mapping);
    this.#cloudEvent = compile(mapping, cloudEventNames(mapping));
    this.#named = new Map(Object.entries(mappings).map(([name, each]) => [name, compile(each)]));
    this.#select = selectMapping;
    const all = [this.#default, ...this.#named.values()];
    this.unwraps = all.some(({ unwrapper }) => unwrapper !== undefined);
    this.numbers = all.some(({ identical }) => identical === "ordinal");
  }

  has(name: string): boolean {
    return this.#named.has(name);
  }

  names(): readonly string[] {
    return [...this.#named.keys()];
  }

  /** Returns the mapping, or the issue if `selectMapping` threw or returned an unknown name. */
  of(raw: unknown, named: string | undefined, context: SelectContext): CompiledMapping | Issue {
    const name = named ?? this.#selected(raw, context);
    if (typeof name === "object") return name;
    if (name === undefined) return isCloudEvent(raw) ? this.#cloudEvent : this.#default;
    return (
      this.#named.get(name) ??
      unknownMapping(`selectMapping returned ${quoted(name)}, which is not a mapping`)
    );
  }

  /**
   * Returns the mapping for an event from an envelope: the envelope's mapping. If that is the default and the event is a
   * CloudEvent, returns the mapping for CloudEvents.
   */
  inside(envelope: CompiledMapping, raw: unknown): CompiledMapping {
    const mapping = envelope === this.#default && isCloudEvent(raw) ? this.#cloudEvent : envelope;
    return { ...mapping, normalize: mapping.normalizePart };
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

function compile(mapping: Mapping, names = fieldNames(mapping)): CompiledMapping {
  const normalize = compiledNormalize(mapping, names);
  const isFunction = typeof mapping.unwrap === "function";
  return {
    normalize,
    normalizePart: isFunction ? compiledNormalize({ ...mapping, unwrap: false }, names) : normalize,
    unwrapper: unwrapperOf(mapping.unwrap, names, mapping.empty),
    unwrapperFor: (unwrap) => unwrapperOf(unwrap, names, mapping.empty),
    identical: mapping.identical,
    keyDecides: mapping.key === "decides",
    sameContent: mapping.sameContent ?? "merge",
    unstamped: mapping.unstamped ?? "window",
    windowMs: mapping.windowMs ?? DEFAULT_WINDOW_MS,
  };
}

function isCloudEvent(raw: unknown): boolean {
  try {
    return isObject(raw) && Object.hasOwn(raw, "specversion") && typeof raw["specversion"] === "string";
  } catch {
    // normalize rejects such an event, because its getter or proxy throws again there
    return false;
  }
}

import { isInexactNumber } from "../inexact-number.js";
import type { Issue } from "../issue.js";
import type { Choice, CompiledMapping, SelectContext } from "../normalize/mapping-choice.js";
import { rawText } from "../normalize/raw-text.js";
import type { Unwrap } from "../normalize/unwrap.js";
import type { Unwrapped, Unwrapper } from "../normalize/unwrapper.js";
import type { Place } from "../outcome.js";
import type { Preparer } from "./prepare.js";
import type { Prepared, Refused } from "./prepared-event.js";

/**
 * One event of a call, possibly from an envelope. Without an envelope, it has the key and JSON text that the caller
 * passed.
 */
export interface Sent {
  readonly raw: unknown;
  readonly idempotencyKey: string | undefined;
  readonly rawJson: string | undefined;
  readonly place: Place;
  readonly preparer: Preparer;
}

/** The options of one call that affect unwrapping. */
export interface EnvelopeOptions extends SelectContext {
  readonly choice: Choice;
  readonly mapping: string | undefined;
  /** Takes precedence over the mapping's `unwrap`. */
  readonly unwrap: string | Unwrap | undefined;
  /** Maximum number of events in all envelopes of the call. */
  readonly unwrappedEvents: number;
}

/** Unwraps the envelopes of one call. */
export class Envelopes {
  readonly #preparer: Preparer;
  readonly #options: EnvelopeOptions;
  readonly #unwrappers = new Map<CompiledMapping, Unwrapper | undefined>();
  #left: number;

  constructor(preparer: Preparer, options: EnvelopeOptions) {
    this.#preparer = preparer;
    this.#options = options;
    this.#left = options.unwrappedEvents;
  }

  /**
   * Returns the events of an envelope, or the event itself. If an envelope cannot be unwrapped, returns it with a
   * preparer that refuses it.
   * @param index - the index of the raw event in the call
   */
  open(
    sent: unknown,
    index: number,
    idempotencyKey: string | undefined,
    rawJson: string | undefined,
  ): readonly Sent[] {
    const itself = { raw: sent, idempotencyKey, rawJson, place: { index } };
    const whole = this.#preparer.unwrappable(sent);
    if (whole === undefined) return [{ ...itself, preparer: this.#preparer }];
    const { raw } = whole;
    const { choice, mapping: named } = this.#options;
    const mapping = choice.of(raw, named, this.#options);
    if ("code" in mapping) return [{ ...itself, preparer: this.#refusing(mapping) }];
    const unwrapped = this.#unwrapperOf(mapping)?.(raw);
    if (unwrapped === undefined) return [{ ...itself, preparer: this.#preparer }];
    if ("code" in unwrapped) return [{ ...itself, preparer: this.#refusing(unwrapped) }];
    const { length } = unwrapped.events;
    if (length > this.#left)
      return [{ ...itself, preparer: this.#refusing(tooLarge(length, this.#options.unwrappedEvents)) }];
    this.#left -= length;
    return this.#parts(unwrapped, mapping, index, idempotencyKey);
  }

  #parts(
    { events, key }: Unwrapped,
    mapping: CompiledMapping,
    index: number,
    givenKey: string | undefined,
  ): readonly Sent[] {
    const { choice } = this.#options;
    const batchKey = key ?? givenKey;
    const preparer = this.#preparer.with({
      choice: { of: (event) => choice.inside(mapping, event) },
      unwrapped: true,
      cloudEvent: undefined,
      ...(batchKey !== undefined && { batchKey }),
    });
    return events.map((raw, part) => ({
      raw,
      idempotencyKey: undefined,
      rawJson: exactText(raw),
      place: { index, part },
      preparer,
    }));
  }

  #unwrapperOf(mapping: CompiledMapping): Unwrapper | undefined {
    const { unwrap } = this.#options;
    if (unwrap === undefined) return mapping.unwrapper;
    if (!this.#unwrappers.has(mapping)) this.#unwrappers.set(mapping, mapping.unwrapperFor(unwrap));
    return this.#unwrappers.get(mapping);
  }

  #refusing(issue: Issue): Preparer {
    return this.#preparer.with({ choice: { of: () => issue } });
  }
}

/** Prepares one event, and sets its `place` if the call has envelopes. */
export function prepareSent(
  { raw, idempotencyKey, rawJson, place, preparer }: Sent,
  hasEnvelopes: boolean,
): Prepared | Refused {
  const prepared = preparer.prepare(raw, idempotencyKey, rawJson);
  return hasEnvelopes ? Object.assign(prepared, { place }) : prepared;
}

/** Returns the JSON text of a value from an envelope. An `InexactNumber` keeps all its digits. */
function exactText(value: unknown): string {
  try {
    return jsonOf(value) ?? rawText(value);
  } catch {
    return rawText(value);
  }
}

function jsonOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isInexactNumber(value)) return value.text;
  if (Array.isArray(value)) return `[${value.map((each) => jsonOf(each) ?? "null").join(",")}]`;
  if ("toJSON" in value) return JSON.stringify(value);
  const members = Object.entries(value).flatMap(([name, each]) => {
    const json = jsonOf(each);
    return json === undefined ? [] : [`${JSON.stringify(name)}:${json}`];
  });
  return `{${members.join(",")}}`;
}

function tooLarge(events: number, most: number): Issue {
  const message = `the envelope has ${events} events, and the envelopes of one call may have ${most}; send fewer at once`;
  return { code: "event_too_large", path: "", message };
}

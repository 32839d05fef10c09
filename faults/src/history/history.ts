import type { SentEvent } from "./sent-event.js";

export type Told = "processed" | "duplicate" | "conflict" | "rejected";

/** What was sent under one key, and what was said of it. */
export interface KeyHistory {
  /** More than one where contents race for the key. */
  readonly contents: SentEvent[];
  /** How often it was sent. */
  attempts: number;
  /** How often no answer came, or one that tells nothing. */
  unknown: number;
  readonly told: Told[];
}

/**
 * The history of one run: written before anything is sent, and again when it is answered. It lives with the senders,
 * which no fault befalls.
 */
export class History {
  readonly keys = new Map<string, KeyHistory>();
  /** What cannot be, whatever the fault: in words. */
  readonly unexpected: string[] = [];
  /** When each answer came that settled something. */
  readonly settledAt: number[] = [];

  willSend(event: SentEvent): void {
    const known = this.keys.get(event.idempotencyKey) ?? { contents: [], attempts: 0, unknown: 0, told: [] };
    if (!known.contents.some((content) => content.amount === event.amount)) known.contents.push(event);
    known.attempts++;
    this.keys.set(event.idempotencyKey, known);
  }

  wasTold(event: SentEvent, told: Told): void {
    this.#of(event).told.push(told);
    this.settledAt.push(performance.now());
  }

  wasNotTold(event: SentEvent): void {
    this.#of(event).unknown++;
  }

  get attempts(): number {
    return sum([...this.keys.values()].map(({ attempts }) => attempts));
  }

  /** Keys of which a sender was told that they are counted. */
  get acknowledged(): number {
    return [...this.keys.values()].filter(isAcknowledged).length;
  }

  /** Keys whose fate was unknown for a while, and is known now. */
  get recovered(): number {
    return [...this.keys.values()].filter((key) => key.unknown > 0 && key.told.length > 0).length;
  }

  get conflicts(): number {
    return sum([...this.keys.values()].map(({ told }) => told.filter((each) => each === "conflict").length));
  }

  #of({ idempotencyKey }: SentEvent): KeyHistory {
    const known = this.keys.get(idempotencyKey);
    if (known === undefined) throw new Error(`${idempotencyKey} was never sent`);
    return known;
  }
}

export function isAcknowledged({ told }: KeyHistory): boolean {
  return told.includes("processed") || told.includes("duplicate");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

import type { SentEvent } from "./sent-event.js";

export type ReportedOutcome = "processed" | "duplicate" | "conflict" | "rejected";

/** The events that were sent with one key, and their outcomes. */
export interface KeyHistory {
  /** More than one if several contents compete for the key. */
  readonly contents: SentEvent[];
  /** The number of times that the key was sent. */
  attempts: number;
  /** The number of these times without a definite outcome: no response, no results, or `failed`. */
  unknown: number;
  readonly outcomes: ReportedOutcome[];
}

/**
 * The history of one run. Each event is recorded before it is sent, and its outcome after the response. The history is in
 * the memory of the senders' process, in which no fault happens.
 */
export class History {
  readonly keys = new Map<string, KeyHistory>();
  /** Descriptions of results that no fault may cause. */
  readonly unexpected: string[] = [];
  /** The times of all definite outcomes. */
  readonly settledAt: number[] = [];

  willSend(event: SentEvent): void {
    const known = this.keys.get(event.idempotencyKey) ?? {
      contents: [],
      attempts: 0,
      unknown: 0,
      outcomes: [],
    };
    if (!known.contents.some((content) => content.amount === event.amount)) known.contents.push(event);
    known.attempts++;
    this.keys.set(event.idempotencyKey, known);
  }

  record(event: SentEvent, outcome: ReportedOutcome): void {
    this.#of(event).outcomes.push(outcome);
    this.settledAt.push(performance.now());
  }

  recordUnknown(event: SentEvent): void {
    this.#of(event).unknown++;
  }

  get attempts(): number {
    return sum([...this.keys.values()].map(({ attempts }) => attempts));
  }

  /** The number of keys that were reported as counted. */
  get acknowledged(): number {
    return [...this.keys.values()].filter(isAcknowledged).length;
  }

  /** The number of keys with an unknown outcome at first and a definite outcome later. */
  get recovered(): number {
    return [...this.keys.values()].filter((key) => key.unknown > 0 && key.outcomes.length > 0).length;
  }

  get conflicts(): number {
    return sum(
      [...this.keys.values()].map(({ outcomes }) => outcomes.filter((each) => each === "conflict").length),
    );
  }

  #of({ idempotencyKey }: SentEvent): KeyHistory {
    const known = this.keys.get(idempotencyKey);
    if (known === undefined) throw new Error(`${idempotencyKey} was never sent`);
    return known;
  }
}

export function isAcknowledged({ outcomes }: KeyHistory): boolean {
  return outcomes.includes("processed") || outcomes.includes("duplicate");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

import { median } from "@evt/figures";
import type { Verdict } from "../checker/check.js";
import type { History } from "../history/history.js";
import type { Figures } from "./fault.js";

const MAX_FAILURES = 5;

/** Adds up the verdicts of many rounds. */
export class Tally {
  #attempts = 0;
  #acknowledged = 0;
  #lost = 0;
  #twice = 0;
  #unexpected = 0;
  #recovered = 0;
  #conflicts = 0;
  #totalsExact = true;
  #peakRssMb: number | null = null;
  readonly #recoveries: number[] = [];
  readonly failures: string[] = [];
  readonly notes: string[] = [];

  add(history: History, verdict: Verdict): void {
    this.#attempts += history.attempts;
    this.#acknowledged += history.acknowledged;
    this.#recovered += history.recovered;
    this.#conflicts += history.conflicts;
    this.judge(verdict);
  }

  /** Adds only a verdict, for a history that was added before. */
  judge({ lost, twice, unexpected, totalsExact }: Verdict): void {
    this.#lost += lost.length;
    this.#twice += twice.length;
    this.#unexpected += unexpected.length;
    this.#totalsExact &&= totalsExact;
    this.#fail(lost.map((key) => `${key} was acknowledged, but is lost`));
    this.#fail(twice.map((key) => `${key} was counted twice`));
    this.#fail(unexpected);
    if (!totalsExact) this.#fail(["totals differ from the stored events"]);
  }

  recoveredAfter(ms: number): void {
    this.#recoveries.push(ms);
  }

  sawMemory(mb: number): void {
    this.#peakRssMb = Math.max(this.#peakRssMb ?? 0, mb);
  }

  /** Adds a failure unless the condition is true. */
  expect(holds: boolean, otherwise: string): void {
    if (!holds) this.#fail([otherwise]);
  }

  figures(): Figures {
    return {
      attempts: this.#attempts,
      acknowledged: this.#acknowledged,
      lost: this.#lost,
      twice: this.#twice,
      unexpected: this.#unexpected,
      recovered: this.#recovered,
      conflicts: this.#conflicts,
      totalsExact: this.#totalsExact,
      recoveryMs: this.#recoveries.length === 0 ? null : Math.round(median(this.#recoveries)),
      peakRssMb: this.#peakRssMb === null ? null : Math.round(this.#peakRssMb),
      failures: this.failures,
      notes: this.notes,
    };
  }

  #fail(failures: readonly string[]): void {
    const room = Math.max(0, MAX_FAILURES - this.failures.length);
    this.failures.push(...failures.slice(0, room));
    if (failures.length > room && room > 0) this.failures.push("… and more");
  }
}

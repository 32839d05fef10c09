import type { IngestReport, Outcome } from "@evt/core";
import type { Problem } from "../problem.js";
import { resultJson } from "./result-json.js";

/** The counts of a stream so far, and the first line to send again. */
export class LineSummary {
  readonly #counts = { processed: 0, duplicates: 0, conflicts: 0, rejected: 0, failed: 0, possibleTwins: 0 };
  #refused = 0;
  #resendFrom: number | null = null;
  #problem: Problem | null = null;

  /** Whether the stream must end before all lines are counted. */
  get hasStopped(): boolean {
    return this.#resendFrom !== null;
  }

  add(report: IngestReport): void {
    const counts = this.#counts;
    counts.processed += report.processed;
    counts.duplicates += report.duplicates;
    counts.conflicts += report.conflicts;
    counts.rejected += report.rejected;
    counts.failed += report.failed;
    counts.possibleTwins += report.possibleTwins;
  }

  addRefused(): void {
    this.#refused++;
  }

  /** Notes why the stream ends early. Only the first call has an effect. */
  stop(resendFrom: number, problem: Problem): void {
    if (this.hasStopped) return;
    this.#resendFrom = resendFrom;
    this.#problem = problem;
  }

  /** Returns the summary, the last line of the response. */
  toLine(): string {
    const { processed, duplicates, conflicts, rejected, failed, possibleTwins } = this.#counts;
    const success = conflicts + rejected + failed + this.#refused === 0 && !this.hasStopped;
    const problem = this.#problem;
    const error = problem === null ? null : { code: problem.code, message: problem.message };
    const counts = { processed, duplicates, conflicts, rejected, failed, refused: this.#refused };
    const rest = { possibleTwins, resendFrom: this.#resendFrom, error };
    return `${JSON.stringify({ summary: true, success, ...counts, ...rest })}\n`;
  }
}

/** Returns the response line for an event. `line` is the number of its line in the request. */
export function resultLine(outcome: Outcome, line: number): string {
  const { place } = outcome;
  const placed = place === undefined ? outcome : { ...outcome, place: { ...place, index: line } };
  return `${resultJson(placed, line, true, "line")}\n`;
}

/** Returns the response line for a line that is not an event. */
export function refusedLine({ code, message }: Problem, line: number): string {
  return `${JSON.stringify({ line, outcome: "refused", error: { code, message } })}\n`;
}

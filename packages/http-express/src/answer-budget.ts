import type { Taking } from "./held-answers.js";
import type { RequestLimits } from "./limits.js";
import type { PaceLimits } from "./pace.js";
import { Shares } from "./shares.js";

type AnswerLimits = Pick<
  Required<RequestLimits>,
  "answerMs" | "answerStallMs" | "answerBytesAtOnce" | "bytesPerSecond"
>;

/** How much of answers may wait for their clients at once, over all requests, and for how long. */
export class AnswerBudget {
  readonly #bytes: Shares;
  readonly #pace: PaceLimits;

  constructor({ answerMs, answerStallMs, answerBytesAtOnce, bytesPerSecond }: AnswerLimits) {
    this.#bytes = new Shares(answerBytesAtOnce);
    this.#pace = { totalMs: answerMs, stallMs: answerStallMs, bytesPerSecond };
  }

  /** How one answer is to be taken. `key` names the tenant or the address. */
  taking(key: string): Taking {
    return { pace: this.#pace, share: this.#bytes.of(key) };
  }
}

import type { Failure } from "../api/ingest.js";

export interface FailureChoice {
  readonly failure: Failure;
  readonly label: string;
  /** What will happen, said before. */
  readonly promise: string;
}

export const FAILURE_CHOICES: readonly FailureChoice[] = [
  { failure: "off", label: "Off", promise: "The events are stored, and each is counted once." },
  {
    failure: "before",
    label: "Before write",
    promise:
      "The database fails before anything is written. The answer is 503; the event is kept as failed, the total stays. Sent again, it is counted once.",
  },
  {
    failure: "after",
    label: "After commit",
    promise:
      "The events are committed, then the answer is lost. The answer is 503, although the total moved. Sent again, it is a duplicate: counted once all the same.",
  },
  {
    failure: "slow",
    label: "Slow",
    promise: "The database takes its time. Nothing is lost, the answer only comes later.",
  },
];

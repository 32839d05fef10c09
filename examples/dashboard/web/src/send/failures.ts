import type { Failure } from "../api/ingest.js";

export interface FailureChoice {
  readonly failure: Failure;
  readonly label: string;
  /** The result, shown before the user sends events. */
  readonly promise: string;
}

export const FAILURE_CHOICES: readonly FailureChoice[] = [
  { failure: "off", label: "Off", promise: "The events are stored, and each is counted once." },
  {
    failure: "before",
    label: "Before write",
    promise:
      "The database fails before anything is written. The response is 503, the event is parked as failed, and the total does not change. Sent again, it is counted once.",
  },
  {
    failure: "after",
    label: "After commit",
    promise:
      "The events are committed, then the confirmation is lost. The response is 503, although the total changed. Sent again, the event is a duplicate: it is still counted once.",
  },
  {
    failure: "slow",
    label: "Slow",
    promise: "The database takes its time. Nothing is lost; the response only comes later.",
  },
];

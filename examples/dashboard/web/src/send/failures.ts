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
      "The database fails before anything is written. The response is 503, the event is parked as failed, and the total does not change. If you send the event again, it is counted once.",
  },
  {
    failure: "after",
    label: "After commit",
    promise:
      "The events are committed, and then the confirmation is lost. The response is 503, although the total changed. If you send an event again, it is a duplicate.",
  },
  {
    failure: "slow",
    label: "Slow",
    promise: "The database is slow. Nothing is lost, but the response comes later.",
  },
];

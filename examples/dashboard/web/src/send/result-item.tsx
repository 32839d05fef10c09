import type { IngestResult } from "../api/ingest.js";
import { hrefTo } from "../hash-location.js";
import { FailureNote } from "../status/failure-note.js";
import { IssueList } from "../status/issue-list.js";
import { StatusBadge } from "../status/status-badge.js";
import classes from "./send-view.module.css";

interface ResultItemProps {
  readonly result: IngestResult;
  readonly alone: boolean;
}

export function ResultItem({ result, alone }: ResultItemProps) {
  const { event } = result;
  return (
    <li>
      <div className={classes.line}>
        {!alone && <span className={classes.index}>{result.index + 1}</span>}
        <StatusBadge status={result.outcome} />
        {event && (
          <>
            <span>{[event.clientId, event.metric].filter(Boolean).join(" · ")}</span>
            {event.amount !== null && <strong className="figures">{event.amount}</strong>}
            <a href={hrefTo("events", { event: event.id })}>
              <code>{event.id.slice(0, 8)}</code>
            </a>
          </>
        )}
      </div>
      <span className={classes.hint}>{explanation(result)}</span>
      <IssueList issues={result.issues ?? []} />
      {result.error && <FailureNote error={result.error} />}
    </li>
  );
}

const recognised = {
  key: "by its key",
  content: "by its content",
  window: "by its content, within a few minutes, because it has no time",
  receipt: "by nothing, because each receipt counts as a new event",
} as const;

function explanation({ outcome, identifiedBy }: IngestResult): string {
  const by = identifiedBy ? ` Recognised ${recognised[identifiedBy]}.` : "";
  switch (outcome) {
    case "processed":
      return `Counted by this request.${by}`;
    case "duplicate":
      return `Counted before, not counted again. This is the stored event.${by}`;
    case "conflict":
      return "An earlier event has the same identity, but this event differs. The earlier event stays counted. This event is parked.";
    case "rejected":
      return "It cannot be counted as it is. It is parked with the reasons.";
    case "failed":
      return "The store did not confirm the event. Send it again: it is counted once.";
  }
}

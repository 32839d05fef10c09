import type { FieldName, PreviewResult } from "../api/preview.js";
import { IssueList } from "../status/issue-list.js";
import { StatusBadge } from "../status/status-badge.js";
import classes from "./preview-item.module.css";
import view from "./send-view.module.css";

const FIELDS: readonly (readonly [FieldName, string])[] = [
  ["clientId", "Client"],
  ["metric", "Metric"],
  ["amount", "Amount"],
  ["timestamp", "Event time"],
  ["idempotencyKey", "Key"],
];

const sources: Readonly<Record<string, string>> = {
  default: "a default, because the event has none",
  caller: "the caller",
  receipt: "the time of receipt, because the event has none",
};

interface PreviewItemProps {
  readonly result: PreviewResult;
  readonly alone: boolean;
}

export function PreviewItem({ result, alone }: PreviewItemProps) {
  return (
    <li>
      {alone ? <Whole result={result} /> : <Folded result={result} />}
      <IssueList issues={result.issues ?? []} />
    </li>
  );
}

function Whole({ result }: { readonly result: PreviewResult }) {
  return (
    <>
      <div>
        <StatusBadge status={result.outcome} tentative />
      </div>
      <Fields result={result} />
    </>
  );
}

/** Shows one of several previews in one line. A click shows its fields. */
function Folded({ result }: { readonly result: PreviewResult }) {
  const { clientId, metric, amount } = result.canonical;
  return (
    <details className={classes.folded}>
      <summary>
        <span className={view.index}>{result.index + 1}</span>
        <StatusBadge status={result.outcome} tentative />
        <span>{[clientId, metric].filter(Boolean).join(" · ")}</span>
        <strong className="figures">{amount}</strong>
      </summary>
      <Fields result={result} />
    </details>
  );
}

/** Shows the value of each canonical field, and its origin in the raw event. */
function Fields({ result }: { readonly result: PreviewResult }) {
  return (
    <dl className={classes.fields}>
      {FIELDS.filter(([field]) => result.canonical[field] != null).map(([field, label]) => (
        <div key={field}>
          <dt>{label}</dt>
          <dd className={classes.value}>{result.canonical[field]}</dd>
          <dd className={classes.source}>
            <Source from={result.provenance[field]} />
          </dd>
        </div>
      ))}
      {result.identity && (
        <div>
          <dt>Identity</dt>
          <dd className={classes.value} title={result.identity}>
            <code>{result.identity.slice(0, 16)}…</code>
          </dd>
          <dd className={classes.source}>from its {result.identifiedBy}</dd>
        </div>
      )}
    </dl>
  );
}

function Source({ from }: { readonly from: string | undefined }) {
  if (from === undefined) return null;
  const words = sources[from];
  return words ?? <code>{from}</code>;
}

import type { EventEntry } from "../api/event.js";
import { absoluteText } from "../time/instant-text.js";
import classes from "./event-detail.module.css";

interface CanonicalFieldsProps {
  readonly event: EventEntry;
}

/** Lists the canonical fields. Omits fields that could not be read. */
export function CanonicalFields({ event }: CanonicalFieldsProps) {
  const rows: readonly (readonly [string, string | null | undefined])[] = [
    ["Client", event.clientId],
    ["Metric", event.metric],
    ["Amount", event.amount],
    ["Unit", event.unit],
    ...Object.entries(event.dimensions ?? {}).map(([name, value]) => [`dimension.${name}`, value] as const),
    ["Event time", event.timestamp && absoluteText(event.timestamp)],
    ["Received", absoluteText(event.receivedAt)],
    ["Key", event.idempotencyKey],
    ["Id", event.id],
    ["Attempts", event.attempts && event.attempts > 1 ? String(event.attempts) : null],
    ["Last attempt", event.lastAttemptAt && absoluteText(event.lastAttemptAt)],
    ["Counted after all", event.resolvedAt && absoluteText(event.resolvedAt)],
  ];
  return (
    <dl className={classes.fields}>
      {rows.map(([label, value]) => value && <Row key={label} label={label} value={value} />)}
    </dl>
  );
}

function Row({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

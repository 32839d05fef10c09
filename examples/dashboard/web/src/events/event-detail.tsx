import { Button, CopyButton, Group, Title } from "@mantine/core";
import type { EventEntry } from "../api/event.js";
import { hrefTo } from "../hash-location.js";
import { prettyJson } from "../json/exact-json.js";
import { FailureNote } from "../status/failure-note.js";
import { IssueList } from "../status/issue-list.js";
import { StatusBadge } from "../status/status-badge.js";
import { CanonicalFields } from "./canonical-fields.js";
import classes from "./event-detail.module.css";

interface EventDetailProps {
  readonly event: EventEntry;
}

/** Shows the raw event, its canonical form, its identity and its issues. */
export function EventDetail({ event }: EventDetailProps) {
  const raw = event.raw === undefined || event.raw === null ? null : prettyJson(event.raw);
  return (
    <article className={classes.detail}>
      <Group gap="sm">
        <StatusBadge status={event.status} />
        <strong>{[event.clientId, event.metric].filter(Boolean).join(" · ")}</strong>
        <strong className="figures">{event.amount}</strong>
      </Group>
      {event.error && <FailureNote error={event.error} />}
      {event.issues && event.issues.length > 0 && (
        <section>
          <Title order={3} className={classes.head ?? ""}>
            Issues
          </Title>
          <IssueList issues={event.issues} />
        </section>
      )}
      {event.conflictsWith && (
        <p className={classes.note}>
          It differs from <a href={hrefTo("events", { event: event.conflictsWith })}>the counted event</a>.
        </p>
      )}
      <div className={classes.sides}>
        <section>
          <Title order={3} className={classes.head ?? ""}>
            As it was sent
          </Title>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
          <pre className={classes.raw} tabIndex={0}>
            {raw ?? "Not kept."}
          </pre>
        </section>
        <section>
          <Title order={3} className={classes.head ?? ""}>
            {event.status === "processed" ? "As it is counted" : "As evt read it"}
          </Title>
          <CanonicalFields event={event} />
        </section>
      </div>
      <Group gap="xs">
        <Copy label="Copy raw JSON" text={raw ?? ""} />
        <Copy label="Copy id" text={event.id} />
        <Copy
          label="Copy link"
          text={new URL(hrefTo("events", { event: event.id }), document.baseURI).href}
        />
      </Group>
    </article>
  );
}

function Copy({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button size="compact-xs" variant="default" onClick={copy} disabled={text === ""}>
          {copied ? "Copied" : label}
        </Button>
      )}
    </CopyButton>
  );
}

import { Button, Group, Title } from "@mantine/core";
import { useEffect, useRef } from "react";
import { ErrorNotice } from "../feedback/error-notice.js";
import { Icon } from "../shell/icon.js";
import { ResultItem } from "./result-item.js";
import { resultSentence } from "./result-sentence.js";
import classes from "./send-view.module.css";
import { TotalChange } from "./total-change.js";
import type { Sent } from "./use-send.js";

const SHOWN = 100;

interface OutcomePanelProps {
  readonly sent: Sent | undefined;
  readonly error: Error | null;
  readonly pending: boolean;
  /** Sends the same text again, without a simulated failure. */
  readonly onSendAgain: (text: string) => void;
}

/**
 * Shows the outcomes of the last request. The live region is always in the page, because screen readers only announce changes
 * of an existing region.
 */
export function OutcomePanel({ sent, error, pending, onSendAgain }: OutcomePanelProps) {
  const region = useRef<HTMLDivElement>(null);

  // scrolls to the outcomes, because on a small screen they would appear outside the visible area
  useEffect(() => {
    if (sent || error) region.current?.scrollIntoView({ block: "nearest" });
  }, [sent, error]);

  return (
    <div ref={region} className={classes.outcome} aria-live="polite" aria-busy={pending}>
      {(sent || error) && (
        <section className={classes.card} aria-label="What happened">
          <div className={classes.cardHead}>
            <Title order={2}>What happened</Title>
            {sent && !error && (
              <span className={classes.hint}>
                HTTP {sent.response.status} in {sent.tookMs} ms
              </span>
            )}
          </div>
          {error && <ErrorNotice error={error} />}
          {!error && sent && <Outcome sent={sent} pending={pending} onSendAgain={onSendAgain} />}
        </section>
      )}
    </div>
  );
}

interface OutcomeProps {
  readonly sent: Sent;
  readonly pending: boolean;
  readonly onSendAgain: (text: string) => void;
}

function Outcome({ sent, pending, onSendAgain }: OutcomeProps) {
  const { results } = sent.response;
  return (
    <>
      <p className={classes.sentence}>{resultSentence(sent)}</p>
      <ol className={classes.results}>
        {results.slice(0, SHOWN).map((result) => (
          <ResultItem key={result.index} result={result} alone={results.length === 1} />
        ))}
      </ol>
      {results.length > SHOWN && <p className={classes.hint}>… and {results.length - SHOWN} more.</p>}
      <TotalChange before={sent.before} after={sent.after} />
      <Group mt="sm">
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="refresh" size={14} />}
          loading={pending}
          onClick={() => onSendAgain(sent.text)}
        >
          {sent.failure === "off" ? "Send again" : "Send again, without the failure"}
        </Button>
      </Group>
    </>
  );
}

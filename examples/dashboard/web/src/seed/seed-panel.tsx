import { Button, Group, Progress, Text } from "@mantine/core";
import type { SeedStatus } from "../api/seed.js";
import { ErrorNotice } from "../feedback/error-notice.js";
import { hrefTo } from "../hash-location.js";
import { percentOf } from "./percent.js";
import { SeedFigures } from "./seed-figures.js";
import classes from "./seed-panel.module.css";
import type { Seed } from "./use-seed.js";

interface SeedPanelProps {
  readonly seed: Seed;
  readonly onDone: () => void;
}

export function SeedPanel({ seed, onDone }: SeedPanelProps) {
  const { status, error, start, starting } = seed;
  const running = status?.state === "running";
  return (
    <div className={classes.panel}>
      <p>
        1,707 earthquakes of one week of 2018 (USGS) and 20,000 flights of early 2001 (US Bureau of
        Transportation Statistics), as they were published.
      </p>
      <p>
        The server sends each record <strong>twice</strong>, in shuffled order. Each record is counted once. A
        second run counts nothing.
      </p>
      {error && <ErrorNotice error={error} />}
      {status?.error && <ErrorNotice error={new Error(status.error)} />}
      {status && status.state !== "idle" && (
        <>
          <Progress
            value={percentOf(status)}
            size="lg"
            animated={running}
            aria-label="Records sent"
            aria-valuetext={`${status.sent} of ${status.total}`}
          />
          <SeedFigures status={status} />
        </>
      )}
      <div role="status">
        {status?.state === "done" && (
          <Text size="sm" fw={600}>
            {endSentence(status)}
          </Text>
        )}
      </div>
      <Group gap="sm">
        <Button onClick={start} loading={starting} disabled={running}>
          {running ? "Filling …" : status?.state === "done" ? "Fill again" : "Fill"}
        </Button>
        {status?.state === "done" && (
          <Button
            component="a"
            variant="default"
            href={hrefTo("totals", { groupBy: "clientId" })}
            onClick={onDone}
          >
            See the totals
          </Button>
        )}
      </Group>
      {status && (
        <p className={classes.removal}>
          <strong>To remove the data:</strong> {status.removal}
        </p>
      )}
    </div>
  );
}

function endSentence({ refused, processed }: SeedStatus): string {
  if (refused > 0) return "Done, but some records were refused. The list of events has the reasons.";
  if (processed === 0) return "Done. All records were stored before, so none was counted again.";
  return "Done. Every record was sent twice and is counted once.";
}

import { Button, Group, Text } from "@mantine/core";
import { Problem } from "../api/problem.js";
import { Icon } from "../shell/icon.js";
import classes from "./notice.module.css";

interface ErrorNoticeProps {
  readonly error: Error;
  readonly onRetry?: () => void;
}

/** Shows an error with its code, and a button that tries again. */
export function ErrorNotice({ error, onRetry }: ErrorNoticeProps) {
  return (
    <div className={classes.notice} data-kind="error" role="alert">
      <Icon name="warning" />
      <div className={classes.text}>
        <Text size="sm">{error.message}</Text>
        {error instanceof Problem && (
          <Text size="xs" c="dimmed" ff="monospace">
            {error.status} {error.code}
          </Text>
        )}
      </div>
      {onRetry && (
        <Group>
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        </Group>
      )}
    </div>
  );
}

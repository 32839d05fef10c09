import { Button } from "@mantine/core";
import { useHealth } from "../api/health.js";
import { useNow } from "../time/use-now.js";
import { Icon } from "./icon.js";
import classes from "./offline-banner.module.css";

/** Shows that the server cannot take events, or that it is unreachable, with the time until the next try. */
export function OfflineBanner() {
  const health = useHealth();
  if (health.state === "not ready") {
    return (
      <div className={classes.banner} role="alert">
        <Icon name="warning" />
        The server responds, but its store cannot take events now, or the server is shutting down.
      </div>
    );
  }
  if (health.state !== "unreachable") return null;
  return <Unreachable nextTryAt={health.nextTryAt} tryNow={health.tryNow} />;
}

interface UnreachableProps {
  readonly nextTryAt: number;
  readonly tryNow: () => void;
}

function Unreachable({ nextTryAt, tryNow }: UnreachableProps) {
  const seconds = Math.max(0, Math.ceil((nextTryAt - useNow(500)) / 1_000));
  return (
    <div className={classes.banner}>
      <Icon name="warning" />
      <span role="alert">The server does not respond. What you see may be old.</span>
      <span className="figures">{seconds === 0 ? "Trying …" : `Next try in ${seconds} s`}</span>
      <Button size="compact-xs" variant="default" onClick={tryNow}>
        Try now
      </Button>
    </div>
  );
}

import { type Health, useHealth } from "../api/health.js";
import classes from "./connection-pill.module.css";
import { Icon, type IconName } from "./icon.js";

const words: Record<Health["state"], { readonly icon: IconName; readonly word: string }> = {
  unknown: { icon: "plug", word: "Connecting" },
  ready: { icon: "check", word: "Ready" },
  "not ready": { icon: "warning", word: "Not ready" },
  unreachable: { icon: "warning", word: "Offline" },
};

/** Shows whether the server and its store can accept events. */
export function ConnectionPill() {
  const { state } = useHealth();
  const { icon, word } = words[state];
  return (
    <span className={classes.pill} data-state={state} role="status">
      <Icon name={icon} size={13} />
      {word}
    </span>
  );
}

import type { EventStatus, OutcomeName } from "../api/event.js";
import { Icon, type IconName } from "../shell/icon.js";
import classes from "./status-badge.module.css";

/** A sign and a word for each: the colour only helps. */
const signs: Record<EventStatus | OutcomeName, { readonly icon: IconName; readonly word: string }> = {
  processed: { icon: "check", word: "Processed" },
  duplicate: { icon: "copies", word: "Duplicate" },
  conflict: { icon: "crossing", word: "Conflict" },
  rejected: { icon: "barred", word: "Rejected" },
  failed: { icon: "bolt", word: "Failed" },
};

interface StatusBadgeProps {
  readonly status: EventStatus | OutcomeName;
  /** "Would be": a preview. */
  readonly tentative?: boolean;
}

export function StatusBadge({ status, tentative = false }: StatusBadgeProps) {
  const { icon, word } = signs[status];
  return (
    <span className={classes.badge} data-status={status} data-tentative={tentative || undefined}>
      <Icon name={icon} size={13} />
      {tentative ? `Would be ${word.toLowerCase()}` : word}
    </span>
  );
}

import type { EventStatus, OutcomeName } from "../api/event.js";
import { Icon, type IconName } from "../shell/icon.js";
import classes from "./status-badge.module.css";

/** The icon and the word of each status, so that a user can recognize it without its colour. */
const signs: Record<
  EventStatus | OutcomeName,
  { readonly icon: IconName; readonly word: string; readonly foreseen: string }
> = {
  processed: { icon: "check", word: "Processed", foreseen: "processed" },
  duplicate: { icon: "copies", word: "Duplicate", foreseen: "a duplicate" },
  conflict: { icon: "crossing", word: "Conflict", foreseen: "a conflict" },
  rejected: { icon: "barred", word: "Rejected", foreseen: "rejected" },
  failed: { icon: "bolt", word: "Failed", foreseen: "failed" },
};

interface StatusBadgeProps {
  readonly status: EventStatus | OutcomeName;
  /** Set for a preview, so that the badge reads “would be …”. */
  readonly tentative?: boolean;
}

export function StatusBadge({ status, tentative = false }: StatusBadgeProps) {
  const { icon, word, foreseen } = signs[status];
  return (
    <span className={classes.badge} data-status={status} data-tentative={tentative || undefined}>
      <Icon name={icon} size={13} />
      {tentative ? `Would be ${foreseen}` : word}
    </span>
  );
}

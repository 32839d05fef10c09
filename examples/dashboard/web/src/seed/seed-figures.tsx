import type { SeedStatus } from "../api/seed.js";
import classes from "./seed-panel.module.css";

const whole = new Intl.NumberFormat("en");

export function SeedFigures({ status }: { readonly status: SeedStatus }) {
  const figures: readonly (readonly [string, string])[] = [
    ["Sent", `${whole.format(status.sent)} of ${whole.format(status.total)}`],
    ["Processed", whole.format(status.processed)],
    ["Duplicates", whole.format(status.duplicates)],
    ["Refused", whole.format(status.refused)],
    ["Time", `${(status.elapsedMs / 1_000).toFixed(1)} s`],
  ];
  return (
    <dl className={classes.figures}>
      {figures.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

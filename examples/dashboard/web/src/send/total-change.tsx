import type { GrandTotal } from "./grand-total.js";
import classes from "./total-change.module.css";

interface TotalChangeProps {
  readonly before: GrandTotal | null;
  readonly after: GrandTotal | null;
}

const count = new Intl.NumberFormat("en");

/** Shows the total of all events before and after. */
export function TotalChange({ before, after }: TotalChangeProps) {
  if (before === null || after === null) return null;
  const more = after.count - before.count;
  return (
    <div className={classes.change}>
      <dl>
        <div>
          <dt>Total before</dt>
          <dd>
            <span className="figures">{before.sum}</span>{" "}
            <span>from {count.format(before.count)} events</span>
          </dd>
        </div>
        <div>
          <dt>Total after</dt>
          <dd>
            <span className="figures">{after.sum}</span> <span>from {count.format(after.count)} events</span>
          </dd>
        </div>
      </dl>
      <p>{changeSentence(more)}</p>
    </div>
  );
}

function changeSentence(more: number): string {
  if (more === 0) return "The total did not move.";
  return `The total moved: ${count.format(more)} ${more === 1 ? "event" : "events"} more.`;
}

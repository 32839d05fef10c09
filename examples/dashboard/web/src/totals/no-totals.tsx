import { EmptyNotice } from "../feedback/empty-notice.js";
import { SeedButton } from "../seed/seed-button.js";

interface NoTotalsProps {
  readonly filtered: boolean;
}

export function NoTotals({ filtered }: NoTotalsProps) {
  if (filtered) {
    return (
      <EmptyNotice title="Nothing was counted in these days">
        The time of an event decides its day.
      </EmptyNotice>
    );
  }
  return (
    <EmptyNotice title="Nothing was counted yet">
      <p>Totals are exact sums of the counted events. There are no counted events yet.</p>
      <SeedButton />
    </EmptyNotice>
  );
}

import { EmptyNotice } from "../feedback/empty-notice.js";
import { SeedButton } from "../seed/seed-button.js";

interface NoTotalsProps {
  readonly filtered: boolean;
}

export function NoTotals({ filtered }: NoTotalsProps) {
  if (filtered) {
    return (
      <EmptyNotice title="Nothing was counted in these days">Days go by the time of the event.</EmptyNotice>
    );
  }
  return (
    <EmptyNotice title="Nothing was counted yet">
      <p>Totals are exact sums of the events that were processed. There are none.</p>
      <SeedButton />
    </EmptyNotice>
  );
}

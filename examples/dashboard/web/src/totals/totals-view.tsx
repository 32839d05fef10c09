import { Title } from "@mantine/core";
import { ErrorNotice } from "../feedback/error-notice.js";
import panel from "../feedback/panel.module.css";
import { SkeletonRows } from "../feedback/skeleton-rows.js";
import { type HashLocation, hrefWith, navigate } from "../hash-location.js";
import { NoTotals } from "./no-totals.js";
import { TotalsChart } from "./totals-chart.js";
import { TotalsControls } from "./totals-controls.js";
import { needsDates, totalsQueryIn, useTotals } from "./totals-query.js";
import { TotalsTable } from "./totals-table.js";
import classes from "./totals-view.module.css";

interface TotalsViewProps {
  readonly location: HashLocation;
}

/** Shows exact totals. The address contains the query. */
export function TotalsView({ location }: TotalsViewProps) {
  const asked = totalsQueryIn(location.params);
  const query = useTotals(asked);
  const totals = query.data;
  const empty = totals?.rows.every(({ count }) => count === 0) ?? false;

  return (
    <>
      <Title order={1} mb="md">
        Totals
      </Title>
      <TotalsControls
        query={asked}
        onChange={(changes) => navigate(hrefWith(location, changes), "replace")}
      />
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      <section className={panel.panel} aria-label="Totals" aria-busy={query.isFetching}>
        {needsDates(asked) && <p className={classes.hint}>An interval needs a first and a last day.</p>}
        {query.isPending && query.isFetching && <SkeletonRows />}
        {totals && empty && <NoTotals filtered={asked.startDate !== "" || asked.endDate !== ""} />}
        {totals && !empty && (
          <>
            {totals.interval !== null && totals.groupBy === "none" && <TotalsChart rows={totals.rows} />}
            <TotalsTable totals={totals} />
          </>
        )}
      </section>
    </>
  );
}

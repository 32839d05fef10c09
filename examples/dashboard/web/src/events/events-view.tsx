import { Button, Group, Title } from "@mantine/core";
import { ErrorNotice } from "../feedback/error-notice.js";
import classes from "../feedback/panel.module.css";
import { SkeletonRows } from "../feedback/skeleton-rows.js";
import { type HashLocation, hrefWith, navigate } from "../hash-location.js";
import { Icon } from "../shell/icon.js";
import { EventDrawer } from "./event-drawer.js";
import { EventFilters } from "./event-filters.js";
import { EventsTable } from "./events-table.js";
import { filtersIn } from "./filters.js";
import { NoEvents } from "./no-events.js";
import { Pager } from "./pager.js";
import { useEvents } from "./use-events.js";

interface EventsViewProps {
  readonly location: HashLocation;
}

/**
 * Lists counted and parked events. The last received event is first. The address contains the filters, the page and the
 * open event.
 */
export function EventsView({ location }: EventsViewProps) {
  const filters = filtersIn(location.params);
  const cursor = location.params.get("cursor");
  const query = useEvents(filters, cursor);
  const page = query.data;

  return (
    <>
      <Group justify="space-between" mb="md">
        <Title order={1}>Events</Title>
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="refresh" size={14} />}
          loading={query.isFetching && !query.isPending}
          onClick={() => void query.refetch()}
        >
          Refresh
        </Button>
      </Group>
      <EventFilters location={location} filters={filters} />
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      <section className={classes.panel} aria-label="Events" aria-busy={query.isFetching}>
        {query.isPending && <SkeletonRows />}
        {page && page.events.length === 0 && <NoEvents location={location} cursor={cursor} />}
        {page && page.events.length > 0 && (
          <EventsTable events={page.events} hrefOf={(event) => hrefWith(location, { event: event.id })} />
        )}
      </section>
      {page && <Pager location={location} cursor={cursor} nextCursor={page.nextCursor} />}
      <EventDrawer
        id={location.params.get("event")}
        onClose={() => navigate(hrefWith(location, { event: null }))}
      />
    </>
  );
}

import { Button, Group } from "@mantine/core";
import { EmptyNotice } from "../feedback/empty-notice.js";
import { type HashLocation, hrefTo, hrefWith } from "../hash-location.js";
import { SeedButton } from "../seed/seed-button.js";
import { filtersIn, isFiltered, NO_FILTER } from "./filters.js";

interface NoEventsProps {
  readonly location: HashLocation;
  readonly cursor: string | null;
}

export function NoEvents({ location, cursor }: NoEventsProps) {
  if (isFiltered(filtersIn(location.params)) || cursor !== null) {
    return (
      <EmptyNotice title="Nothing matches">
        A name must match exactly. The dates filter by the time of the event.{" "}
        <a href={hrefWith(location, { ...NO_FILTER, cursor: null })}>Show everything</a>
      </EmptyNotice>
    );
  }
  return (
    <EmptyNotice title="No events yet">
      Send an event, or fill the store with 21,707 real events: a week of earthquakes and three months of
      flights.
      <Group justify="center" mt="md" gap="sm">
        <Button component="a" href={hrefTo("send")} size="xs" variant="default">
          Send an event
        </Button>
        <SeedButton />
      </Group>
    </EmptyNotice>
  );
}

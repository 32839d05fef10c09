import { Button, NativeSelect, TextInput } from "@mantine/core";
import { type HashLocation, hrefWith, navigate } from "../hash-location.js";
import classes from "./event-filters.module.css";
import { FilterText } from "./filter-text.js";
import { type EventFilter, isFiltered, NO_FILTER } from "./filters.js";

const STATUSES = [
  { value: "", label: "Any" },
  { value: "processed", label: "Processed" },
  { value: "rejected", label: "Rejected" },
  { value: "conflict", label: "Conflict" },
  { value: "failed", label: "Failed" },
];

interface EventFiltersProps {
  readonly location: HashLocation;
  readonly filters: EventFilter;
}

/** Edits the filters of the list. A changed filter returns to the first page. */
export function EventFilters({ location, filters }: EventFiltersProps) {
  const change = (changes: Partial<EventFilter>) =>
    navigate(hrefWith(location, { ...changes, cursor: null, event: null }), "replace");

  return (
    <search className={classes.bar}>
      <FilterText label="Client" value={filters.clientId} onChange={(clientId) => change({ clientId })} />
      <FilterText label="Metric" value={filters.metric} onChange={(metric) => change({ metric })} />
      <NativeSelect
        label="Status"
        size="xs"
        data={STATUSES}
        value={filters.status}
        onChange={({ currentTarget }) => change({ status: currentTarget.value })}
      />
      <TextInput
        label="From (UTC)"
        size="xs"
        type="date"
        value={filters.startDate}
        onChange={({ currentTarget }) => change({ startDate: currentTarget.value })}
      />
      <TextInput
        label="To, inclusive"
        size="xs"
        type="date"
        value={filters.endDate}
        onChange={({ currentTarget }) => change({ endDate: currentTarget.value })}
      />
      {isFiltered(filters) && (
        <Button
          size="xs"
          variant="default"
          onClick={() => navigate(hrefWith(location, { ...NO_FILTER, cursor: null, event: null }))}
        >
          Clear
        </Button>
      )}
    </search>
  );
}

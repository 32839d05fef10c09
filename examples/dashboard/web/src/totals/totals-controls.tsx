import { Button, Group, NativeSelect, SegmentedControl, TextInput } from "@mantine/core";
import { useId } from "react";
import type { GroupBy } from "../api/aggregation.js";
import type { Parameters } from "../hash-location.js";
import { SPANS } from "./spans.js";
import classes from "./totals-controls.module.css";
import type { TotalsQuery } from "./totals-query.js";

const GROUPS: { value: GroupBy; label: string }[] = [
  { value: "clientId", label: "Client" },
  { value: "metric", label: "Metric" },
  { value: "both", label: "Both" },
  { value: "none", label: "Nothing" },
];

const INTERVALS = [
  { value: "", label: "None" },
  { value: "hour", label: "Hour" },
  { value: "day", label: "Day" },
  { value: "week", label: "Week" },
  { value: "month", label: "Month" },
];

const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const ZONES = [...new Set(["UTC", HERE])];

interface TotalsControlsProps {
  readonly query: TotalsQuery;
  readonly onChange: (changes: Parameters) => void;
}

export function TotalsControls({ query, onChange }: TotalsControlsProps) {
  const groupId = useId();
  return (
    <div className={classes.controls}>
      <div className={classes.bar}>
        <div className={classes.groups}>
          <div id={groupId} className={classes.label}>
            Group by
          </div>
          <SegmentedControl<GroupBy>
            aria-labelledby={groupId}
            size="xs"
            data={GROUPS}
            value={query.groupBy}
            onChange={(groupBy) => onChange({ groupBy })}
          />
        </div>
        <TextInput
          label="From"
          size="xs"
          type="date"
          value={query.startDate}
          onChange={({ currentTarget }) => onChange({ startDate: currentTarget.value })}
        />
        <TextInput
          label="To, inclusive"
          size="xs"
          type="date"
          value={query.endDate}
          onChange={({ currentTarget }) => onChange({ endDate: currentTarget.value })}
        />
        <NativeSelect
          label="Interval"
          size="xs"
          data={INTERVALS}
          value={query.interval}
          onChange={({ currentTarget }) => onChange({ interval: currentTarget.value })}
        />
        <NativeSelect
          label="Days in"
          size="xs"
          data={ZONES.includes(query.timeZone) ? ZONES : [...ZONES, query.timeZone]}
          value={query.timeZone}
          onChange={({ currentTarget }) => onChange({ timeZone: currentTarget.value })}
        />
      </div>
      <Group component="fieldset" className={classes.spans ?? ""} gap={6} aria-label="Spans of time">
        {SPANS.map((span) => {
          const { startDate, endDate } = span.dates();
          return (
            <Button
              key={span.name}
              size="compact-xs"
              variant={query.startDate === startDate && query.endDate === endDate ? "light" : "default"}
              onClick={() => onChange({ startDate, endDate, ...(startDate === "" && { interval: null }) })}
            >
              {span.name}
            </Button>
          );
        })}
      </Group>
    </div>
  );
}

import { SegmentedControl } from "@mantine/core";
import { useId } from "react";
import type { Failure } from "../api/ingest.js";
import { FAILURE_CHOICES } from "./failures.js";
import classes from "./send-view.module.css";

interface FailureControlProps {
  readonly failure: Failure;
  readonly onChange: (failure: Failure) => void;
}

/** Selects a simulated failure of the database, and explains its result before the user sends events. */
export function FailureControl({ failure, onChange }: FailureControlProps) {
  const id = useId();
  const choice = FAILURE_CHOICES.find((candidate) => candidate.failure === failure);
  return (
    <div style={{ marginTop: 8 }}>
      <div id={id} style={{ fontSize: 13, fontWeight: 600, marginBottom: 6 }}>
        Simulate a failure
      </div>
      <SegmentedControl<Failure>
        className={classes.failures ?? ""}
        aria-labelledby={id}
        aria-describedby={`${id}-promise`}
        size="xs"
        value={failure}
        onChange={onChange}
        data={FAILURE_CHOICES.map(({ failure: value, label }) => ({ value, label }))}
      />
      <p id={`${id}-promise`} className={classes.hint} style={{ minHeight: 40, marginTop: 8 }}>
        {choice?.promise}
      </p>
    </div>
  );
}

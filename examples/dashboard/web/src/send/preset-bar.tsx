import { Button, Group } from "@mantine/core";
import { PRESETS } from "./presets.js";
import classes from "./send-view.module.css";

interface PresetBarProps {
  readonly text: string;
  readonly onPick: (json: string) => void;
}

export function PresetBar({ text, onPick }: PresetBarProps) {
  const current = PRESETS.find(({ json }) => json === text);
  return (
    <fieldset style={{ all: "unset", display: "block", marginBottom: 14 }}>
      <legend style={{ all: "unset", fontSize: 13, fontWeight: 600, marginBottom: 6, display: "block" }}>
        Examples
      </legend>
      <Group gap={6}>
        {PRESETS.map(({ name, json }) => (
          <Button
            key={name}
            size="compact-sm"
            variant={json === text ? "light" : "default"}
            aria-pressed={json === text}
            onClick={() => onPick(json)}
          >
            {name}
          </Button>
        ))}
      </Group>
      <p className={classes.hint} style={{ minHeight: 20, marginTop: 8 }}>
        {current?.says ??
          "Your own event, in any shape. evt finds fields under many names, or rejects the event with the reason."}
      </p>
    </fieldset>
  );
}

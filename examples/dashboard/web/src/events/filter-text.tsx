import { TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";

const SETTLED_MS = 300;

interface FilterTextProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** An input for an exact name. Applies the filter after a pause in typing, or immediately on Enter. */
export function FilterText({ label, value, onChange }: FilterTextProps) {
  const [typed, setTyped] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => setTyped(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);

  function apply(text: string, delayMs: number): void {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onChange(text.trim()), delayMs);
  }

  return (
    <TextInput
      label={label}
      size="xs"
      placeholder="exact name"
      value={typed}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        apply(currentTarget.value, SETTLED_MS);
      }}
      onKeyDown={({ key }) => {
        if (key === "Enter") apply(typed, 0);
      }}
    />
  );
}

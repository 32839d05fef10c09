import { type KeyboardEvent, useId, useRef } from "react";
import type { JsonError } from "../json/json-error.js";
import classes from "./json-editor.module.css";

interface JsonEditorProps {
  readonly label: string;
  readonly value: string;
  readonly error: JsonError | null;
  readonly onChange: (value: string) => void;
  readonly onSubmit: () => void;
}

/** Shows a text field with line numbers, and marks the line of the first JSON error. ⌘ or Ctrl + Enter submits. */
export function JsonEditor({ label, value, error, onChange, onSubmit }: JsonEditorProps) {
  const id = useId();
  const gutter = useRef<HTMLDivElement>(null);
  const lines = value.split("\n").length;

  function submitOnEnter(event: KeyboardEvent): void {
    if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    onSubmit();
  }

  return (
    <div>
      <label className={classes.label} htmlFor={id}>
        {label}
      </label>
      <div className={classes.editor} data-invalid={error !== null || undefined}>
        <div className={classes.gutter} aria-hidden="true">
          <div ref={gutter}>
            {Array.from({ length: lines }, (_, i) => i + 1).map((line) => (
              <span key={line} data-wrong={line === error?.line || undefined}>
                {line}
              </span>
            ))}
          </div>
        </div>
        <textarea
          id={id}
          className={classes.text}
          value={value}
          rows={Math.min(Math.max(lines + 1, 12), 26)}
          wrap="off"
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          aria-invalid={error !== null}
          aria-describedby={`${id}-error`}
          onChange={(event) => onChange(event.currentTarget.value)}
          onKeyDown={submitOnEnter}
          onScroll={({ currentTarget }) => {
            if (gutter.current) gutter.current.style.transform = `translateY(${-currentTarget.scrollTop}px)`;
          }}
        />
      </div>
      <p id={`${id}-error`} className={classes.error} aria-live="polite">
        {error && `Line ${error.line}, column ${error.column}: ${error.message}.`}
      </p>
    </div>
  );
}

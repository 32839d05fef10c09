import classes from "./issue-list.module.css";

interface FailureNoteProps {
  readonly error: { readonly code: string; readonly message: string };
}

/** What the store said. */
export function FailureNote({ error }: FailureNoteProps) {
  return (
    <p className={classes.failure}>
      {error.message}
      <code className={classes.code}>{error.code}</code>
    </p>
  );
}

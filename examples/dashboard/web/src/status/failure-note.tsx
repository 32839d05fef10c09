import classes from "./issue-list.module.css";

interface FailureNoteProps {
  readonly error: { readonly code: string; readonly message: string };
}

/** Shows the error of the store. */
export function FailureNote({ error }: FailureNoteProps) {
  return (
    <p className={classes.failure}>
      {error.message}
      <code className={classes.code}>{error.code}</code>
    </p>
  );
}

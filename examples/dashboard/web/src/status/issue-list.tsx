import type { Issue } from "../api/event.js";
import classes from "./issue-list.module.css";

interface IssueListProps {
  readonly issues: readonly Issue[];
}

/** Lists the issues of an event with their paths. */
export function IssueList({ issues }: IssueListProps) {
  if (issues.length === 0) return null;
  return (
    <ul className={classes.list}>
      {issues.map((issue) => (
        <li key={`${issue.path} ${issue.code} ${issue.message}`}>
          <code className={classes.path}>{issue.path === "" ? "the event" : issue.path}</code>
          <span>{issue.message}</span>
          <code className={classes.code}>{issue.code}</code>
        </li>
      ))}
    </ul>
  );
}

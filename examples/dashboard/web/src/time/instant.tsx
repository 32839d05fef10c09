import { absoluteText, localText, shortText } from "./instant-text.js";

interface InstantProps {
  readonly iso: string | null;
  readonly now: number;
}

/** Shows a time in a short form. On hover, shows the exact time in UTC and in local time. */
export function Instant({ iso, now }: InstantProps) {
  if (iso === null) return <span>–</span>;
  return (
    <time dateTime={iso} title={`${absoluteText(iso)}\n${localText(iso)}`}>
      {shortText(iso, now)}
    </time>
  );
}

import { absoluteText, localText, shortText } from "./instant-text.js";

interface InstantProps {
  readonly iso: string | null;
  readonly now: number;
}

/** Shows a relative time, and on hover the instant in UTC and local time. */
export function Instant({ iso, now }: InstantProps) {
  if (iso === null) return <span>–</span>;
  return (
    <time dateTime={iso} title={`${absoluteText(iso)}\n${localText(iso)}`}>
      {shortText(iso, now)}
    </time>
  );
}

import { Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type PreviewResult, preview } from "../api/preview.js";
import { ErrorNotice } from "../feedback/error-notice.js";
import { PreviewItem } from "./preview-item.js";
import classes from "./send-view.module.css";

interface PreviewPanelProps {
  /** `null` if the input is not JSON. */
  readonly text: string | null;
}

const SHOWN = 20;

/** Shows the result of a dry run while the user types. Nothing is written. */
export function PreviewPanel({ text }: PreviewPanelProps) {
  const [settled] = useDebouncedValue(text, 300);
  const query = useQuery({
    queryKey: ["preview", settled],
    queryFn: ({ signal }) => preview(settled ?? "", signal),
    enabled: settled !== null,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 10_000,
  });
  const stale = text !== settled || query.isPlaceholderData;

  return (
    <section className={classes.card} aria-label="What would happen">
      <div className={classes.cardHead}>
        <Title order={2}>What would happen</Title>
        <span className={classes.hint}>{hint(text, stale)}</span>
      </div>
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {!query.isError && text !== null && query.data && <Previews results={query.data} />}
    </section>
  );
}

function hint(text: string | null, stale: boolean): string {
  if (text === null) return "Shown as soon as the text is JSON.";
  return stale ? "Checking …" : "A dry run: nothing is written.";
}

function Previews({ results }: { readonly results: readonly PreviewResult[] }) {
  return (
    <>
      <ol className={classes.results}>
        {results.slice(0, SHOWN).map((result) => (
          <PreviewItem key={result.index} result={result} alone={results.length === 1} />
        ))}
      </ol>
      {results.length > SHOWN && <p className={classes.hint}>… and {results.length - SHOWN} more.</p>}
    </>
  );
}

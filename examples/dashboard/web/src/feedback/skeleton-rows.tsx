import { Skeleton, Stack } from "@mantine/core";
import { useDelayed } from "./use-delayed.js";

const ROWS = ["a", "b", "c", "d", "e", "f"];

/** Shows placeholders for rows that load slowly. */
export function SkeletonRows() {
  const shown = useDelayed(true);
  if (!shown) return null;
  return (
    <Stack gap="xs" p="md" role="status" aria-label="Loading">
      {ROWS.map((row) => (
        <Skeleton key={row} height={28} radius="sm" />
      ))}
    </Stack>
  );
}

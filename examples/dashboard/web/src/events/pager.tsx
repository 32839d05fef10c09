import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { type HashLocation, hrefWith, navigate } from "../hash-location.js";
import { Icon } from "../shell/icon.js";

interface PagerProps {
  readonly location: HashLocation;
  readonly cursor: string | null;
  readonly nextCursor: string | null;
}

/** Moves between pages. The API has cursors for next pages only, so this component remembers the previous cursors. */
export function Pager({ location, cursor, nextCursor }: PagerProps) {
  const [trail, setTrail] = useState<ReadonlyMap<string, string | null>>(new Map());
  const before = cursor === null ? undefined : trail.get(cursor);
  const goTo = (place: string | null) => navigate(hrefWith(location, { cursor: place, event: null }));

  function next(): void {
    if (nextCursor === null) return;
    setTrail(new Map(trail).set(nextCursor, cursor));
    goTo(nextCursor);
  }

  return (
    <Group component="nav" justify="center" gap="sm" mt="md" aria-label="Pages">
      <Button
        size="xs"
        variant="default"
        leftSection={<Icon name="left" size={13} />}
        disabled={cursor === null}
        onClick={() => goTo(before ?? null)}
      >
        {cursor !== null && before === undefined ? "First page" : "Previous"}
      </Button>
      <Button
        size="xs"
        variant="default"
        rightSection={<Icon name="right" size={13} />}
        disabled={nextCursor === null}
        onClick={next}
      >
        Next
      </Button>
    </Group>
  );
}

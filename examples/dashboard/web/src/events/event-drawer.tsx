import { Drawer } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getEvent } from "../api/read.js";
import { ErrorNotice } from "../feedback/error-notice.js";
import { SkeletonRows } from "../feedback/skeleton-rows.js";
import { EventDetail } from "./event-detail.js";

interface EventDrawerProps {
  /** The event to show. If `null`, the drawer is closed. */
  readonly id: string | null;
  readonly onClose: () => void;
}

/** Shows one event next to the list. The event's id is in the address, so a user can share the link. */
export function EventDrawer({ id, onClose }: EventDrawerProps) {
  const query = useQuery({
    queryKey: ["event", id],
    queryFn: ({ signal }) => getEvent(id ?? "", signal),
    enabled: id !== null,
  });
  return (
    <Drawer opened={id !== null} onClose={onClose} position="right" size={860} title="Event">
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && id !== null && <SkeletonRows />}
      {query.data && <EventDetail event={query.data} />}
    </Drawer>
  );
}

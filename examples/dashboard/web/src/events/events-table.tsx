import { Table } from "@mantine/core";
import type { EventEntry } from "../api/event.js";
import { StatusBadge } from "../status/status-badge.js";
import { Instant } from "../time/instant.js";
import { useNow } from "../time/use-now.js";
import classes from "./events-table.module.css";

interface EventsTableProps {
  readonly events: readonly EventEntry[];
  readonly hrefOf: (event: EventEntry) => string;
}

export function EventsTable({ events, hrefOf }: EventsTableProps) {
  const now = useNow(10_000);
  return (
    <div className={classes.scroll}>
      <Table className={classes.table} verticalSpacing={7} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Status</Table.Th>
            <Table.Th>Client</Table.Th>
            <Table.Th>Metric</Table.Th>
            <Table.Th ta="right">Amount</Table.Th>
            <Table.Th>Event time (UTC)</Table.Th>
            <Table.Th>Received</Table.Th>
            <Table.Th>Id</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {events.map((event) => (
            <EventRow key={event.id} event={event} now={now} href={hrefOf(event)} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

interface EventRowProps {
  readonly event: EventEntry;
  readonly now: number;
  readonly href: string;
}

function EventRow({ event, now, href }: EventRowProps) {
  return (
    <Table.Tr className={classes.row ?? ""}>
      <Table.Td>
        <StatusBadge status={event.status} />
      </Table.Td>
      <Table.Td className={classes.name ?? ""}>{event.clientId ?? "–"}</Table.Td>
      <Table.Td className={classes.name ?? ""}>{event.metric ?? "–"}</Table.Td>
      <Table.Td className={`figures ${classes.amount}`}>
        {[event.amount ?? "–", event.unit].filter(Boolean).join(" ")}
      </Table.Td>
      <Table.Td className={`figures ${classes.time}`}>
        <Instant iso={event.timestamp} now={now} />
      </Table.Td>
      <Table.Td className={`figures ${classes.time}`}>
        <Instant iso={event.receivedAt} now={now} />
      </Table.Td>
      <Table.Td>
        <a className={classes.open} href={href} aria-label={`Open event ${event.id.slice(0, 8)}`}>
          <code>{event.id.slice(0, 8)}</code>
        </a>
      </Table.Td>
    </Table.Tr>
  );
}

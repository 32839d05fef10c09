import { Table } from "@mantine/core";
import type { Aggregation, AggregationRow } from "../api/aggregation.js";
import { hrefTo } from "../hash-location.js";
import { bucketText } from "./bucket-text.js";
import classes from "./totals-table.module.css";

const counts = new Intl.NumberFormat("en");

interface TotalsRowProps {
  readonly row: AggregationRow;
  readonly totals: Aggregation;
  /** The value that a full bar represents. */
  readonly greatest: number;
}

/** Shows every digit of the exact values. The average is shortened, and the bar is approximate. */
export function TotalsRow({ row, totals, greatest }: TotalsRowProps) {
  const { interval, groupBy } = totals;
  return (
    <Table.Tr>
      {interval !== null && (
        <Table.Td className={`figures ${classes.bucket}`}>{bucketText(row.bucket ?? "", interval)}</Table.Td>
      )}
      {(groupBy === "clientId" || groupBy === "both") && (
        <Table.Td className={classes.name ?? ""}>
          <a href={eventsOf(row)}>{row.clientId}</a>
        </Table.Td>
      )}
      {(groupBy === "metric" || groupBy === "both") && (
        <Table.Td className={classes.name ?? ""}>
          <a href={eventsOf(row)}>{row.metric}</a>
        </Table.Td>
      )}
      <Table.Td className={`figures ${classes.figure}`}>{counts.format(row.count)}</Table.Td>
      <Table.Td className={`figures ${classes.figure} ${classes.sum}`}>
        {[row.sum, row.unit].filter(Boolean).join(" ")}
      </Table.Td>
      <Table.Td className={classes.track ?? ""} aria-hidden="true">
        <div
          className={classes.bar}
          data-negative={row.sum.startsWith("-") || undefined}
          style={{ width: `${greatest === 0 ? 0 : (sizeOf(row.sum) / greatest) * 100}%` }}
        />
      </Table.Td>
      <Table.Td className={`figures ${classes.figure}`} title={row.average ?? undefined}>
        {averageText(row.average)}
      </Table.Td>
      <Table.Td className={`figures ${classes.figure}`}>{row.min ?? "–"}</Table.Td>
      <Table.Td className={`figures ${classes.figure}`}>{row.max ?? "–"}</Table.Td>
    </Table.Tr>
  );
}

const sizeOf = (decimal: string) => Math.abs(Number(decimal));

export function greatestSize(rows: readonly AggregationRow[]): number {
  return rows.reduce((greatest, { sum }) => Math.max(greatest, sizeOf(sum)), 0);
}

function eventsOf({ clientId, metric }: AggregationRow): string {
  return hrefTo("events", { clientId, metric, status: "processed" });
}

/** Shortens a long average. The full value, which the API has rounded, is shown on hover. */
function averageText(average: string | null): string {
  if (average === null) return "–";
  return average.length <= 9 ? average : `≈ ${Number(average).toPrecision(5)}`;
}

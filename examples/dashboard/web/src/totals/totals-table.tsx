import { Button, Table } from "@mantine/core";
import { Fragment, useState } from "react";
import type { Aggregation } from "../api/aggregation.js";
import { SortHeader } from "./sort-header.js";
import { type Column, firstDirection, type Order, sortRows } from "./sort-rows.js";
import { greatestSize, TotalsRow } from "./totals-row.js";
import classes from "./totals-table.module.css";

const SHOWN_AT_FIRST = 100;

const LABELS: Record<Column, string> = {
  bucket: "From",
  clientId: "Client",
  metric: "Metric",
  count: "Count",
  sum: "Sum",
  average: "Average",
  min: "Least",
  max: "Greatest",
};

interface TotalsTableProps {
  readonly totals: Aggregation;
}

export function TotalsTable({ totals }: TotalsTableProps) {
  const columns = columnsOf(totals);
  const [chosen, setChosen] = useState<Order | null>(null);
  const [shown, setShown] = useState(SHOWN_AT_FIRST);
  const order = chosen && columns.includes(chosen.column) ? chosen : usualOrder(totals);
  const rows = sortRows(totals.rows, order);
  const greatest = greatestSize(rows);

  function sortBy(column: Column): void {
    const turned = order.direction === "ascending" ? "descending" : "ascending";
    setChosen({ column, direction: column === order.column ? turned : firstDirection(column) });
  }

  return (
    <>
      <div className={classes.scroll}>
        <Table className={classes.table} verticalSpacing={6} highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <Fragment key={column}>
                  <SortHeader column={column} label={LABELS[column]} order={order} onSort={sortBy} />
                  {column === "sum" && <Table.Td aria-hidden="true" />}
                </Fragment>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.slice(0, shown).map((row) => (
              <TotalsRow
                key={`${row.bucket ?? ""}\n${row.clientId ?? ""}\n${row.metric ?? ""}\n${row.unit ?? ""}`}
                row={row}
                totals={totals}
                greatest={greatest}
              />
            ))}
          </Table.Tbody>
        </Table>
      </div>
      <div className={classes.foot}>
        <span>
          {Math.min(shown, rows.length).toLocaleString("en")} of {rows.length.toLocaleString("en")}{" "}
          {rows.length === 1 ? "row" : "rows"}
        </span>
        {shown < rows.length && (
          <Button size="compact-xs" variant="default" onClick={() => setShown(shown * 4)}>
            Show more
          </Button>
        )}
      </div>
    </>
  );
}

function columnsOf({ groupBy, interval }: Aggregation): Column[] {
  const columns: Column[] = [];
  if (interval !== null) columns.push("bucket");
  if (groupBy === "clientId" || groupBy === "both") columns.push("clientId");
  if (groupBy === "metric" || groupBy === "both") columns.push("metric");
  return [...columns, "count", "sum", "average", "min", "max"];
}

function usualOrder({ interval }: Aggregation): Order {
  return interval === null
    ? { column: "sum", direction: "descending" }
    : { column: "bucket", direction: "ascending" };
}

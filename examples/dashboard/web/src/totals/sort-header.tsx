import { Table, UnstyledButton } from "@mantine/core";
import { Icon } from "../shell/icon.js";
import type { Column, Order } from "./sort-rows.js";
import classes from "./totals-table.module.css";

interface SortHeaderProps {
  readonly column: Column;
  readonly label: string;
  readonly order: Order;
  readonly onSort: (column: Column) => void;
}

export function SortHeader({ column, label, order, onSort }: SortHeaderProps) {
  const sorted = order.column === column;
  return (
    <Table.Th aria-sort={sorted ? order.direction : "none"} data-column={column}>
      <UnstyledButton className={classes.sort ?? ""} onClick={() => onSort(column)}>
        {label}
        <span className={classes.arrow} data-shown={sorted || undefined}>
          <Icon name={order.direction === "ascending" ? "up" : "down"} size={11} />
        </span>
      </UnstyledButton>
    </Table.Th>
  );
}

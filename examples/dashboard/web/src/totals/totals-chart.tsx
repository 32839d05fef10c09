import type { AggregationRow } from "../api/aggregation.js";
import classes from "./totals-chart.module.css";

const WIDTH = 1000;
const HEIGHT = 160;

interface TotalsChartProps {
  readonly rows: readonly AggregationRow[];
}

/** Shows the sum of each interval as a bar above or below zero. The table shows the exact values. */
export function TotalsChart({ rows }: TotalsChartProps) {
  const sums = rows.map(({ sum }) => Number(sum));
  const top = Math.max(0, ...sums);
  const bottom = Math.min(0, ...sums);
  const scale = HEIGHT / (top - bottom || 1);
  const zero = top * scale;
  const step = WIDTH / Math.max(rows.length, 1);

  return (
    <figure className={classes.chart}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label="Sum of each interval"
      >
        {rows.map((row, i) => (
          <Bar
            key={row.bucket ?? i}
            row={row}
            x={i * step}
            width={Math.max(step * 0.82, 0.6)}
            zero={zero}
            scale={scale}
          />
        ))}
        <line x1={0} x2={WIDTH} y1={zero} y2={zero} className={classes.zero} />
      </svg>
      <figcaption className={classes.caption}>
        <span>{rows[0]?.bucket?.slice(0, 10)}</span>
        <span>highest {rows[sums.indexOf(top)]?.sum ?? "0"}</span>
        <span>{rows.at(-1)?.bucket?.slice(0, 10)}</span>
      </figcaption>
    </figure>
  );
}

interface BarProps {
  readonly row: AggregationRow;
  readonly x: number;
  readonly width: number;
  readonly zero: number;
  readonly scale: number;
}

function Bar({ row, x, width, zero, scale }: BarProps) {
  const sum = Number(row.sum);
  const height = Math.max(Math.abs(sum) * scale, 0.8);
  return (
    <rect
      className={classes.bar}
      data-negative={sum < 0 || undefined}
      x={x}
      y={sum < 0 ? zero : zero - height}
      width={width}
      height={height}
    >
      <title>{`${row.bucket}: ${row.sum} from ${row.count} events`}</title>
    </rect>
  );
}

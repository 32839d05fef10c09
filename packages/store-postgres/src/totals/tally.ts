import { DecimalFold, type EventRecord, timestampMs } from "@evt/core/store";

/** The amounts that one insert adds to the total of one client, metric, unit, quarter hour, and values of dimensions. */
export interface Cell {
  readonly clientId: string;
  readonly metric: string;
  readonly unit: string | null;
  /** The values of the tally's dimensions as a JSON array. `null` if the events have none of them. */
  readonly dimensions: string | null;
  /** The start of the quarter hour. */
  readonly quarter: string;
  readonly count: number;
  /** A canonical decimal, like `min` and `max`. */
  readonly sum: string;
  readonly min: string;
  readonly max: string;
}

/** The amounts that one insert adds to one tenant's totals. */
export interface Tally {
  readonly tenantId: string;
  readonly cells: readonly Cell[];
}

export const QUARTER_MS = 900_000;

/**
 * Returns the tallies of counted records, exact to the last digit. Amounts in whole millionths are added as integers
 * as long as the sum is a safe integer. All other amounts are added by {@link DecimalFold}. A quarter hour may have a
 * cell of each kind, because readers add cells up.
 * @param names - the dimensions that the cells have
 */
export function talliesOf(records: readonly EventRecord[], names: readonly string[] = []): readonly Tally[] {
  const tenants = new Map<string, Group>();
  for (const record of records) {
    const group = tenants.get(record.tenantId) ?? added(tenants, record.tenantId, new Group(names));
    group.add(record);
  }
  return Array.from(tenants, ([tenantId, group]) => ({ tenantId, cells: group.cells() }));
}

/** Cells by client, metric and quarter hour. */
type OpenCells = Map<string, Map<string, Map<number, OpenCell>>>;

class Group {
  readonly #names: readonly string[];
  /** The cells without a unit and dimensions, and those of each unit and values of dimensions. */
  readonly #clients: OpenCells = new Map();
  readonly #others = new Map<string, OpenCells>();
  readonly #open: OpenCell[] = [];
  /** Caches the start of each quarter hour as an instant. An insert has few quarter hours. */
  readonly #begins = new Map<number, string>();

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  add(record: EventRecord): void {
    const { clientId, metric, timestamp, amount, unit = null } = record;
    const dimensions = this.#names.length === 0 ? null : valuesOf(record, this.#names);
    const quarter = Math.floor(timestampMs(timestamp) / QUARTER_MS);
    const clients = unit === null && dimensions === null ? this.#clients : this.#clientsOf(unit, dimensions);
    const metrics = clients.get(clientId) ?? added(clients, clientId, new Map());
    const quarters = metrics.get(metric) ?? added(metrics, metric, new Map());
    const cell =
      quarters.get(quarter) ??
      added(quarters, quarter, this.#opened({ clientId, metric, unit, dimensions }, quarter));
    cell.add(amount);
  }

  #clientsOf(unit: string | null, dimensions: string | null): OpenCells {
    // different pairs have different keys, because JSON has no NUL
    const key = `${dimensions ?? ""}\0${unit ?? ""}`;
    return this.#others.get(key) ?? added(this.#others, key, new Map());
  }

  cells(): readonly Cell[] {
    const cells: Cell[] = [];
    for (const cell of this.#open) cell.closeInto(cells);
    return cells;
  }

  #opened(key: Omit<CellKey, "quarter">, quarter: number): OpenCell {
    const begins = this.#begins.get(quarter) ?? added(this.#begins, quarter, beginOf(quarter));
    const cell = new OpenCell({ ...key, quarter: begins });
    this.#open.push(cell);
    return cell;
  }
}

function valuesOf({ dimensions }: EventRecord, names: readonly string[]): string | null {
  if (!dimensions) return null;
  const values = names.map((name) => (Object.hasOwn(dimensions, name) ? dimensions[name] : null));
  return values.some((value) => value !== null) ? JSON.stringify(values) : null;
}

function added<K, V>(map: Map<K, V>, key: K, value: V): V {
  map.set(key, value);
  return value;
}

const beginOf = (quarter: number): string => new Date(quarter * QUARTER_MS).toISOString();

type CellKey = Pick<Cell, "clientId" | "metric" | "unit" | "dimensions" | "quarter">;

class OpenCell {
  readonly #key: CellKey;
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #others: DecimalFold | undefined;

  constructor(key: CellKey) {
    this.#key = key;
  }

  add(amount: string): void {
    const millionths = millionthsOf(amount);
    // `millionths` is NaN if the amount is not in whole millionths, and a sum that is not a safe integer is inexact
    if (!(Math.abs(this.#sum + millionths) <= Number.MAX_SAFE_INTEGER)) {
      this.#others ??= new DecimalFold();
      this.#others.add(amount);
      return;
    }
    this.#count++;
    this.#sum += millionths;
    if (millionths < this.#min) this.#min = millionths;
    if (millionths > this.#max) this.#max = millionths;
  }

  closeInto(cells: Cell[]): void {
    if (this.#count > 0) {
      const [sum, min, max] = [decimalOf(this.#sum), decimalOf(this.#min), decimalOf(this.#max)];
      cells.push(this.#cell(this.#count, sum, min, max));
    }
    if (this.#others !== undefined) {
      const { count, sum, min, max } = this.#others;
      cells.push(this.#cell(count, sum, min as string, max as string));
    }
  }

  #cell(count: number, sum: string, min: string, max: string): Cell {
    return { ...this.#key, count, sum, min, max };
  }
}

const MILLION = 1_000_000;
/** An amount with more digits may not be a safe integer in millionths. */
const MOST_DIGITS = 15;
const PLACES = 6;
const ZERO = 48;
const MINUS = 45;
const POINT = 46;

/**
 * Returns a canonical amount in millionths, or `NaN` if it is not in whole millionths or is too large to be exact.
 */
function millionthsOf(amount: string): number {
  const negative = amount.charCodeAt(0) === MINUS;
  if (amount.length > MOST_DIGITS) return Number.NaN;
  let digits = 0;
  let point = -1;
  for (let i = negative ? 1 : 0; i < amount.length; i++) {
    const code = amount.charCodeAt(i);
    if (code === POINT) point = i;
    else digits = digits * 10 + code - ZERO;
  }
  const places = point < 0 ? 0 : amount.length - point - 1;
  if (places > PLACES) return Number.NaN;
  const millionths = digits * 10 ** (PLACES - places);
  return negative ? -millionths : millionths;
}

function decimalOf(millionths: number): string {
  if (millionths % MILLION === 0) return String(millionths / MILLION);
  const size = Math.abs(millionths);
  let fraction = size % MILLION;
  let places = PLACES;
  for (; fraction % 10 === 0; places--) fraction /= 10;
  return `${millionths < 0 ? "-" : ""}${Math.floor(size / MILLION)}.${String(fraction).padStart(places, "0")}`;
}

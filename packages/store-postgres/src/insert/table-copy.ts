import type { EventRecord } from "@evt/core/store";
import type { Write } from "../tables/record-columns.js";
import type { ByteWriter } from "../wire/byte-writer.js";
import { CopyCommand } from "../wire/copy-command.js";

/** A column of a table. `isNull` is present if the column may be null. */
export interface CopiedColumn {
  readonly name: string;
  readonly write: Write;
  readonly isNull?: (record: EventRecord) => boolean;
}

/** A COPY with some of the columns. */
interface Variant {
  readonly command: CopyCommand;
  readonly writes: readonly Write[];
}

/**
 * Copies records into one table. Leaves out each column that is null in all records, because reading a null in each row
 * takes longer. In most inserts, several columns are left out.
 */
export class TableCopy {
  readonly #table: string;
  readonly #columns: readonly CopiedColumn[];
  /** By the columns, as bits. */
  readonly #variants = new Map<number, Variant>();

  constructor(table: string, columns: readonly CopiedColumn[]) {
    this.#table = table;
    this.#columns = columns;
  }

  write(writer: ByteWriter, records: readonly EventRecord[]): void {
    const { command, writes } = this.#variantFor(records);
    command.write(writer, records, (record) => {
      for (const write of writes) write(writer, record);
    });
  }

  #variantFor(records: readonly EventRecord[]): Variant {
    let bits = 0;
    for (const [i, { isNull }] of this.#columns.entries())
      if (isNull === undefined || !records.every(isNull)) bits |= 1 << i;
    const known = this.#variants.get(bits);
    if (known !== undefined) return known;
    const columns = this.#columns.filter((_, i) => (bits & (1 << i)) !== 0);
    const command = new CopyCommand(
      this.#table,
      columns.map(({ name }) => name),
    );
    const variant = { command, writes: columns.map(({ write }) => write) };
    this.#variants.set(bits, variant);
    return variant;
  }
}

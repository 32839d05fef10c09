/** A query's values. The SQL refers to them by placeholders. */
export class Parameters {
  readonly values: unknown[] = [];

  /** Adds a value and returns its placeholder. The caller adds a cast, so that Postgres need not infer the type. */
  add(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}

/** The values of a query, each known in its text by a placeholder. */
export class Parameters {
  readonly values: unknown[] = [];

  /** The placeholder of the value. Whoever places it casts it, so that Postgres never has to guess. */
  add(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}

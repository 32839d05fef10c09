/** The part of `pg`'s connection that {@link PipelinedCopy} writes to. */
export interface PgConnection {
  readonly stream: { readonly writable: boolean; write(bytes: Uint8Array): unknown };
}

/** A query that sends itself (`Submittable` in `pg`'s own types). */
export interface PgSubmittable {
  /** Replaced by `pg` if a `query_timeout` is set. */
  callback: (error?: unknown) => void;
  submit(connection: PgConnection): Error | null;
}

/**
 * Sends one message to the server and waits until the server is ready for the next one. The message contains one or more
 * COPYs with their rows (each as Parse, Bind, Execute, CopyData, CopyDone) and ends with one Sync. Postgres runs it
 * as one transaction in one round trip and commits at the Sync
 * (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING). If one COPY fails, the
 * server skips the rest of the message and rolls everything back.
 */
export class PipelinedCopy implements PgSubmittable {
  /** Resolves when the transaction is committed. Rejects with the error of the server or of the connection. */
  readonly done: Promise<void>;
  readonly #message: Uint8Array;
  #resolve: () => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(message: Uint8Array) {
    this.#message = message;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  callback = (_error?: unknown): void => undefined;

  submit({ stream }: PgConnection): Error | null {
    if (!stream.writable) return new Error("the connection was closed");
    stream.write(this.#message);
    return null;
  }

  // `pg` calls these methods for messages from the server. A completed COPY does not mean that Postgres has
  // committed: an error may follow. So only the two methods below settle `done`.
  handleCopyInResponse(): void {}
  handleCommandComplete(): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}

  handleError(error: unknown): void {
    this.callback(error);
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    this.callback();
    this.#resolve();
  }
}

/** A client that accepts queries that send themselves. */
interface SubmittingClient {
  query(query: PgSubmittable): unknown;
  readonly connection?: { readonly stream?: { readonly write?: unknown } };
  readonly pipeline?: unknown;
}

/**
 * Returns the client if it accepts queries that send themselves: `pg`'s JavaScript client, and wrappers that expose
 * its connection. Returns `null` for `pg-native`, for a client in pipeline mode and for other wrappers.
 */
export function submitting(client: object): SubmittingClient | null {
  const candidate = client as SubmittingClient;
  const isSubmitting =
    candidate.pipeline !== true && typeof candidate.connection?.stream?.write === "function";
  return isSubmitting ? candidate : null;
}

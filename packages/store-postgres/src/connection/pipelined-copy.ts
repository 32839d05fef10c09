/**
 * The wire of a connection of `pg`, as far as `pg-copy-streams` and `pg-cursor` use it, too: what a custom query is
 * given to send itself with.
 */
export interface PgConnection {
  readonly stream: { readonly writable: boolean; write(bytes: Uint8Array): unknown };
}

/** A query that sends itself (`Submittable` in `pg`'s own types). */
export interface PgSubmittable {
  /** Taken over by `pg` where a `query_timeout` is set. */
  callback: (error?: unknown) => void;
  submit(connection: PgConnection): Error | null;
}

/**
 * Sends one prepared message to the server and waits until it says that it is ready for another. The message holds
 * several COPYs with their rows, each as Parse, Bind, Execute, CopyData, CopyDone, and one Sync at its end: to Postgres
 * that is one transaction, committed at the Sync, in one round trip
 * (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING). Where one of them fails, the
 * server passes over the rest of the message, rows included, and rolls everything back.
 */
export class PipelinedCopy implements PgSubmittable {
  /** Resolves once it is committed; rejects with what the server said, or with what befell the connection. */
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

  // Called by pg as messages of the server arrive. Nothing is known before the last of them: an error may still follow
  // the completion of every COPY, raised at the commit.
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

/** A client that takes queries that send themselves. */
interface SubmittingClient {
  query(query: PgSubmittable): unknown;
  readonly connection?: { readonly stream?: { readonly write?: unknown } };
  readonly pipeline?: unknown;
}

/**
 * The client as one that takes queries that send themselves: `pg`'s own in JavaScript does, and whatever passes its
 * connection on. `null` for `pg-native`, a client in pipeline mode and most wrappers.
 */
export function submitting(client: object): SubmittingClient | null {
  const asked = client as SubmittingClient;
  const isOne = asked.pipeline !== true && typeof asked.connection?.stream?.write === "function";
  return isOne ? asked : null;
}

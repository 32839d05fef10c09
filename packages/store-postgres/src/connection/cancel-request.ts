import { isIP } from "node:net";
import type { PgClient } from "./pg-pool.js";

/**
 * The members of `pg`'s own client that a cancel request needs. The client has had them since version 8.11, but the
 * types of `pg` do not declare all of them.
 */
export interface CancellableClient extends PgClient {
  readonly processID: number;
  readonly secretKey: unknown;
  readonly host: string;
  readonly port: number;
  /** False after a statement was sent, until Postgres reports that it is ready for the next one. */
  readonly readyForQuery: boolean;
  readonly connection: PgWire;
  once(event: "drain" | "end", listener: () => void): unknown;
  removeListener(event: string, listener: (...args: never[]) => void): unknown;
  end(): Promise<void>;
}

/** The members of `pg`'s `Connection` that a cancel request needs. */
interface PgWire {
  readonly ssl?: boolean | Readonly<Record<string, unknown>>;
  readonly sslNegotiation?: string;
  readonly stream: { readonly remoteAddress?: string; readonly writable: boolean; destroy(): unknown };
  connect(portOrPath: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processID: number, secretKey: unknown): void;
  on(event: "connect" | "sslconnect" | "error" | "end", listener: () => void): unknown;
}

/**
 * Returns the client if its statements can be cancelled. Returns `null` for `pg-native` and for wrappers that hide
 * the necessary members.
 */
export function cancellable(client: PgClient): CancellableClient | null {
  const { processID, secretKey, readyForQuery, connection } = client as Partial<CancellableClient>;
  const isOne =
    typeof processID === "number" &&
    secretKey != null &&
    typeof readyForQuery === "boolean" &&
    typeof connection?.cancel === "function" &&
    typeof connection.stream?.destroy === "function";
  return isOne ? (client as CancellableClient) : null;
}

/**
 * Asks Postgres to cancel the statement that runs on the client's connection. The request uses its own connection,
 * which does not count towards the pool's `max` or Postgres's `max_connections`. The request is encrypted if the client's
 * connection is encrypted (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS).
 *
 * Resolves with true if the request was delivered. Postgres signals the backend before it closes the request's
 * connection. So a delivered request cannot cancel a later statement, unless a pooler forwards it late. `openStream` is
 * the pool's function that opens a stream to the server, if the pool has such a function.
 */
export function sendCancelRequest(
  client: CancellableClient,
  openStream: unknown,
  timeoutMs: number,
): Promise<boolean> {
  return new Promise((resolve) => {
    const { processID, secretKey, connection } = client;
    const wire = newWire(client, openStream);
    let sent = false;
    const end = (delivered: boolean) => {
      clearTimeout(timer);
      wire.stream.destroy();
      resolve(delivered);
    };
    const timer = setTimeout(end, timeoutMs, false);
    const send = () => {
      sent = true;
      wire.cancel(processID, secretKey);
    };
    wire.on("error", () => end(false));
    wire.on("end", () => end(sent));
    wire.on("sslconnect", send);
    wire.on("connect", () => {
      if (!connection.ssl) send();
      else if (connection.sslNegotiation !== "direct") wire.requestSsl();
    });
    connect(wire, client);
  });
}

type NewWire = new (config: Readonly<Record<string, unknown>>) => PgWire;

function newWire({ connection, host }: CancellableClient, stream: unknown): PgWire {
  const Wire = (connection as unknown as { readonly constructor: NewWire }).constructor;
  const { ssl, sslNegotiation } = connection;
  return new Wire({ ssl: ssl ? sslOf(ssl, host) : false, sslNegotiation, stream });
}

/**
 * Returns the TLS options of the client's connection. Adds the host name for the check of the certificate, because
 * the request connects to an IP address. `pg` makes `key` non-enumerable, so `key` is copied by name.
 */
function sslOf(ssl: NonNullable<PgWire["ssl"]>, host: string): Readonly<Record<string, unknown>> {
  const given = ssl === true ? {} : (ssl as Readonly<Record<string, unknown>>);
  const named = isIP(host) === 0 ? { servername: host } : {};
  return { host, ...named, ...given, ...("key" in given && { key: given["key"] }) };
}

/**
 * Connects to the server that the client is connected to: at its Unix socket, or at its IP address if that is known.
 * A host name may resolve to several servers.
 */
function connect(wire: PgWire, { host, port, connection }: CancellableClient): void {
  if (host.startsWith("/")) wire.connect(`${host}/.s.PGSQL.${port}`);
  else wire.connect(port, connection.stream.remoteAddress ?? host);
}

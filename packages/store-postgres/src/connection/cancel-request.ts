import { isIP } from "node:net";
import type { PgClient } from "./pg-pool.js";

/** What `pg`'s own client shows of its connection, in every version since 8.11. Its types do not declare it. */
export interface CancellableClient extends PgClient {
  readonly processID: number;
  readonly secretKey: unknown;
  readonly host: string;
  readonly port: number;
  /** False from the moment a statement is sent until Postgres says that it is ready for another. */
  readonly readyForQuery: boolean;
  readonly connection: PgWire;
  once(event: "drain" | "end", listener: () => void): unknown;
  removeListener(event: string, listener: (...args: never[]) => void): unknown;
  end(): Promise<void>;
}

/** `pg`'s `Connection`, as far as it takes to send a cancel request. */
interface PgWire {
  readonly ssl?: boolean | Readonly<Record<string, unknown>>;
  readonly sslNegotiation?: string;
  readonly stream: { readonly remoteAddress?: string; readonly writable: boolean; destroy(): unknown };
  connect(portOrPath: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processID: number, secretKey: unknown): void;
  on(event: "connect" | "sslconnect" | "error" | "end", listener: () => void): unknown;
}

/** The client as one whose statements can be cancelled; `null` for `pg-native` and for wrappers that hide what it takes. */
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
 * Asks Postgres to cancel what runs on the client's connection. The request goes over a connection of its own, which
 * needs neither a slot of the pool nor one of `max_connections`, encrypted where the client's is
 * (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS).
 * Resolves with whether the request was delivered. Postgres closes the connection after it has sent the signal, so what
 * is sent to the backend from then on is not hit by it. `openStream` is the pool's own way to reach the server, if it has one.
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

/** Names the host that the certificate is for, since the request goes to an address. `key` is not enumerable in pg. */
function sslOf(ssl: NonNullable<PgWire["ssl"]>, host: string): Readonly<Record<string, unknown>> {
  const given = ssl === true ? {} : (ssl as Readonly<Record<string, unknown>>);
  const named = isIP(host) === 0 ? { servername: host } : {};
  return { host, ...named, ...given, ...("key" in given && { key: given["key"] }) };
}

/** To the very address that the client is connected to: a name may stand for several servers. */
function connect(wire: PgWire, { host, port, connection }: CancellableClient): void {
  if (host.startsWith("/")) wire.connect(`${host}/.s.PGSQL.${port}`);
  else wire.connect(port, connection.stream.remoteAddress ?? host);
}

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { onTestFinished } from "vitest";
import { postgresUrl } from "../../../test/setup/postgres-url.js";
import { CERTIFICATE, KEY } from "./localhost-certificate.js";

// https://www.postgresql.org/docs/current/protocol-message-formats.html
const SSL_REQUEST = 80_877_103;
const CANCEL_REQUEST = 80_877_102;

/** A TLS proxy in front of the tests' Postgres that records requests. */
export interface TlsProxy {
  readonly port: number;
  /** Cancel requests that were encrypted. */
  cancels: number;
  /** Connections that were not encrypted. */
  plain: number;
}

export async function tlsProxy(): Promise<TlsProxy> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (first: Buffer) => {
      if (first.readInt32BE(4) === SSL_REQUEST) return encrypt(socket, proxy);
      proxy.plain++;
      socket.destroy();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy = { port: (server.address() as AddressInfo).port, cancels: 0, plain: 0 };
  onTestFinished(() => void server.close());
  return proxy;
}

function encrypt(socket: Socket, proxy: TlsProxy): void {
  socket.write("S");
  const client = new TLSSocket(socket, { isServer: true, key: KEY, cert: CERTIFICATE });
  const { hostname, port } = new URL(postgresUrl());
  const backend = connect(Number(port), hostname);
  client.once("data", (first: Buffer) => {
    if (first.readInt32BE(4) === CANCEL_REQUEST) proxy.cancels++;
  });
  client.on("error", () => undefined).on("close", () => backend.destroy());
  backend.on("error", () => undefined).on("close", () => client.end());
  client.on("data", (chunk) => void backend.write(chunk));
  backend.on("data", (chunk) => void client.write(chunk));
}

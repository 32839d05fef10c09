import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { serverLimits } from "@evt/http-express";
import { StartError } from "./settings.js";

export interface Place {
  readonly host: string;
  readonly port: number;
  /** Further host names that requests may use. @defaultValue none */
  readonly allowedHosts?: readonly string[];
}

/** Starts a server. @throws StartError if it cannot listen, for example because the port is in use */
export function listen(handler: RequestListener, { host, port }: Place): Promise<Server> {
  const server = createServer(serverLimits, handler);
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(new StartError(reasonOf(error, host, port))),
    );
    server.listen(port, host, () => resolve(server));
  });
}

/**
 * Checks that the port is free. `startServer` calls it before it opens the store, so that a server that cannot listen
 * does not touch another server's data.
 */
export async function ensureFree(place: Place): Promise<void> {
  if (place.port === 0) return;
  const probe = await listen(() => {}, place);
  await new Promise((resolve) => probe.close(resolve));
}

export function addressOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

function reasonOf({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  switch (code) {
    case "EADDRINUSE":
      return `port ${port} on ${host} is in use; stop the program that listens there, or set PORT to another port`;
    case "EACCES":
      return `port ${port} may not be used by this user; set PORT to a port above 1023`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `HOST is ${host}, which is not an address of this machine`;
    default:
      return `cannot listen on ${host}, port ${port}: ${message}`;
  }
}

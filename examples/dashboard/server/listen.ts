import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { serverLimits } from "@evt/http-express";
import { StartError } from "./settings.js";

export interface Place {
  readonly host: string;
  readonly port: number;
  /** Further names that requests may call this server by. @defaultValue none */
  readonly allowedHosts?: readonly string[];
}

/** @throws StartError where the port is taken, or may not be used */
export function listen(handler: RequestListener, { host, port }: Place): Promise<Server> {
  const server = createServer(serverLimits, handler);
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(new StartError(reasonOf(error, host, port))),
    );
    server.listen(port, host, () => resolve(server));
  });
}

/** Asked before the store is opened: a server that cannot listen should not touch another's data. */
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
      return `port ${port} on ${host} is in use; stop what listens there, or set PORT to another`;
    case "EACCES":
      return `port ${port} may not be used by this user; set PORT to one above 1023`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `HOST is ${host}, which is no address of this machine`;
    default:
      return `cannot listen on ${host}, port ${port}: ${message}`;
  }
}

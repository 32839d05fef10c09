import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import { exposure, knownHosts } from "../../server/known-hosts.js";
import { startServer } from "../../server/start-server.js";
import { post, purchase, running } from "./running.js";

async function asked(url: string, host: string, target = "/api/events", method = "GET"): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  await once(socket, "connect");
  const headers = ["Connection: close", "Content-Type: application/json", "Content-Length: 0"];
  socket.write(
    [`${method} ${target} HTTP/1.1`, host, ...headers, "", ""]
      .filter((line, i) => line !== "" || i > 1)
      .join("\r\n"),
  );
  return text(socket);
}

describe("a server on loopback", () => {
  test.each(["localhost:3000", "LOCALHOST", "127.0.0.1:1", "[::1]:3000"])(
    "is served as %s, whatever the port",
    async (host) => {
      const { url } = await running();
      expect(await asked(url, `Host: ${host}`)).toMatch(/^HTTP\/1\.1 200 /);
    },
  );

  test.each([
    "rebind.evil.example:3000",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "evil.example:localhost",
    "0.0.0.0",
    "[::]",
    "localhost.",
    "",
  ])("refuses a page that uses another name (%s) with 421 on every path", async (host) => {
    const { url } = await running();
    await post(`${url}/api/events`, purchase);
    for (const [method, path] of [
      ["GET", "/api/events"],
      ["POST", "/api/events/replay"],
      ["POST", "/example/seed"],
      ["GET", "/health/ready"],
      ["GET", "/"],
    ] as const) {
      const response = await asked(url, `Host: ${host}`, path, method);
      expect(response).toMatch(/^HTTP\/1\.1 421 /);
      expect(response).not.toContain("client_A");
    }
  });

  test("says how to serve another name", async () => {
    const { url } = await running();
    expect(await asked(url, "Host: evt.example")).toContain(
      String.raw`this server is not \"evt.example\"; to serve it under that name, start it with ALLOWED_HOSTS`,
    );
  });

  test("also checks an absolute request target", async () => {
    const { url } = await running();
    expect(await asked(url, "Host: localhost", "http://evil.example/api/events")).toMatch(/^HTTP\/1\.1 421 /);
    expect(await asked(url, "Host: localhost", "http://localhost/api/events")).not.toMatch(/ 421 /);
  });

  test("accepts the given names", async () => {
    const server = await startServer({
      host: "127.0.0.1",
      port: 0,
      store: { kind: "memory" },
      allowedHosts: ["evt.example"],
    });
    onTestFinished(() => server.stop());
    expect(await asked(server.url, "Host: evt.example:8443")).toMatch(/^HTTP\/1\.1 200 /);
    expect(await asked(server.url, "Host: other.example")).toMatch(/^HTTP\/1\.1 421 /);
  });
});

describe("a server that other machines can reach", () => {
  test.each(["0.0.0.0", "::", "192.0.2.1", "evt.example"])("warns about %s", (host) => {
    expect(exposure({ host })).toBe(
      `HOST is ${host}: there is no login, so anyone who can reach this address can read and change all events`,
    );
    expect(knownHosts(host, [])).toBe(null);
    expect(knownHosts(host, ["evt.example"])?.has("evil.example")).toBe(false);
  });

  test.each(["127.0.0.1", "127.0.0.2", "localhost", "::1"])("is not %s", (host) => {
    expect(exposure({ host })).toBe(null);
    expect(knownHosts(host, [])?.has("evil.example")).toBe(false);
  });
});

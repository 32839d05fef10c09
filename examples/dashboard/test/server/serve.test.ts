import type { Store } from "@evt/core";
import { MemoryStore } from "@evt/store-memory";
import { describe, expect, onTestFinished, test } from "vitest";
import { type RunningServer, serve } from "../../server/serve.js";
import { getJson, post, purchase } from "./running.js";

const place = { host: "127.0.0.1", port: 0 };

/** A store whose inserts wait until the test releases them. Records the order of calls. */
class GatedStore extends MemoryStore {
  readonly calls: string[] = [];
  readonly reached: Promise<void>;
  readonly letThrough: () => void;
  readonly #open: Promise<void>;
  #reach = () => {};

  constructor() {
    super();
    this.reached = new Promise((resolve) => {
      this.#reach = resolve;
    });
    let open = () => {};
    this.#open = new Promise((resolve) => {
      open = resolve;
    });
    this.letThrough = open;
  }

  override async insert(...args: Parameters<Store["insert"]>): ReturnType<Store["insert"]> {
    this.#reach();
    await this.#open;
    this.calls.push("insert");
    return super.insert(...args);
  }

  override async close(): Promise<void> {
    this.calls.push("close");
  }
}

async function serving(store: GatedStore): Promise<RunningServer> {
  const release = async () => void store.calls.push("release");
  const server = await serve({ store, removal: "", release }, place);
  onTestFinished(() => {
    store.letThrough();
    return server.stop();
  });
  return server;
}

describe("stop", () => {
  test("the server is not ready, refuses new requests, and finishes current ones", async () => {
    const store = new GatedStore();
    const server = await serving(store);
    const underWay = post(`${server.url}/api/events`, purchase);
    await store.reached;
    const stopped = server.stop();

    expect((await fetch(`${server.url}/health/ready`)).status).toBe(503);
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
    const refused = await post(`${server.url}/api/events`, purchase);
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(await refused.json()).toMatchObject({ status: 503, code: "EVT_DRAINING" });

    store.letThrough();
    expect((await underWay).status).toBe(200);
    await stopped;
    await expect(fetch(server.url)).rejects.toThrow();
  });

  test("the store is closed after the last insert, and its connections after the store", async () => {
    const store = new GatedStore();
    const server = await serving(store);
    const underWay = post(`${server.url}/api/events`, purchase);
    await store.reached;
    const stopped = server.stop();
    store.letThrough();
    await underWay;
    await stopped;
    expect(store.calls).toEqual(["insert", "close", "release"]);
  });

  test("a second call waits for the first", async () => {
    const store = new GatedStore();
    const server = await serving(store);
    await Promise.all([server.stop(), server.stop()]);
    expect(store.calls).toEqual(["close", "release"]);
  });

  test("a kept-alive connection does not delay the end", async () => {
    const server = await serving(new GatedStore());
    await getJson(server, "/health/live");
    await server.stop();
    await expect(fetch(server.url)).rejects.toThrow();
  });

  test("filling with real data ends as failed, with the reason", async () => {
    const store = new GatedStore();
    const server = await serving(store);
    const ended = server.seedJob.run();
    await store.reached;
    const stopped = server.stop();
    store.letThrough();
    await stopped;
    expect(await ended).toMatchObject({ state: "failed", error: "the server is shutting down" });
  });
});

describe("serve", () => {
  test("releases the store if the port is in use", async () => {
    const first = await serving(new GatedStore());
    const port = Number(new URL(first.url).port);
    const store = new GatedStore();
    const release = async () => void store.calls.push("release");
    await expect(serve({ store, removal: "", release }, { host: "127.0.0.1", port })).rejects.toThrow(
      /in use/,
    );
    expect(store.calls).toEqual(["close", "release"]);
  });
});

import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { dial, head } from "./raw-request.js";

const LARGE = 40;
const PAD = "a".repeat(4.5 * 2 ** 20);
const AMOUNTS = { metric: "m", amount: 1, timestamp: "2026-01-01T00:00:00Z" };
const HANG_UP_MS = 300;
/** The pause between two requests, so that refused requests do not use up a core. */
const REST_MS = 5;

/** The number of requests of each kind that run at the same time. */
const TWINS = 6;
const PAGES = 3;
const SLOW_READERS = 20;
const LISTS = 12;
const HANG_UPS = 6;
const HELD_BODIES = 4;
const HELD_BEGINNINGS = 50;

/** Sends all kinds of heavy requests of one tenant at the same time, until it is stopped. */
export class Attack {
  readonly #url: string;
  readonly #tenantId: string;
  readonly #end = new AbortController();
  readonly #statuses = new Map<string, number>();
  #lanes: Promise<void>[] = [];

  constructor(url: string, tenantId: string) {
    this.#url = url;
    this.#tenantId = tenantId;
  }

  /** Stores the large events that the pages list. */
  async prepare(): Promise<void> {
    for (let n = 0; n < LARGE; n++) {
      const event = { ...AMOUNTS, clientId: "x", idempotencyKey: `large ${n}`, pad: PAD };
      await this.#post("prepare", gzipSync(JSON.stringify(event)));
    }
  }

  begin(): void {
    const twin = { ...AMOUNTS, clientId: "x", idempotencyKey: "large 0" };
    const twins = gzipSync(JSON.stringify(Array.from({ length: 60 }, () => twin)));
    this.#lanes = [
      ...this.#lane(TWINS, () => this.#post("twins", twins)),
      ...this.#lane(PAGES, () => this.#get("pages", `/events?limit=${LARGE}`)),
      ...this.#lane(LISTS, () => this.#get("lists", "/events?limit=110&metric=none")),
      ...this.#lane(HANG_UPS, () => this.#get("hang-ups", "/events?limit=110", HANG_UP_MS)),
      ...this.#lane(SLOW_READERS, () =>
        this.#hold(
          `GET /api/events?limit=${LARGE} HTTP/1.1\r\nHost: x\r\nX-Tenant: ${this.#tenantId}\r\n\r\n`,
        ),
      ),
      ...this.#lane(HELD_BODIES, () =>
        this.#hold(head(this.#tenantId, "Content-Length: 5000000") + "x".repeat(4_999_999)),
      ),
      ...this.#lane(HELD_BEGINNINGS, () => this.#hold(`${head(this.#tenantId, "Content-Length: 1000")}[`)),
    ];
  }

  async end(): Promise<void> {
    this.#end.abort();
    await Promise.all(this.#lanes);
  }

  /** Returns how often each kind of request got each status. */
  summary(): string {
    return [...this.#statuses].map(([what, times]) => `${what} ×${times}`).join(", ");
  }

  #lane(lanes: number, work: () => Promise<void>): Promise<void>[] {
    return Array.from({ length: lanes }, async () => {
      while (!this.#end.signal.aborted) {
        await work().catch(() => this.#note("cut"));
        await sleep(REST_MS);
      }
    });
  }

  async #post(what: string, body: Buffer): Promise<void> {
    const headers = {
      "Content-Type": "application/json",
      "Content-Encoding": "gzip",
      "X-Tenant": this.#tenantId,
      Prefer: "return=minimal",
    };
    await this.#send(what, "/events", { method: "POST", headers, body: new Uint8Array(body) });
  }

  async #get(what: string, path: string, forMs = 60_000): Promise<void> {
    const headers = { "X-Tenant": this.#tenantId };
    await this.#send(what, path, { headers, signal: AbortSignal.timeout(forMs) });
  }

  async #send(what: string, path: string, init: RequestInit): Promise<void> {
    const signals = [this.#end.signal, init.signal].filter((signal) => signal != null);
    const response = await fetch(`${this.#url}/api${path}`, { ...init, signal: AbortSignal.any(signals) });
    this.#note(`${what} ${response.status}`);
    // the body must be read, so that the request ends
    for await (const _ of response.body ?? []);
  }

  /**
   * Writes `text`, does not read, and keeps the connection open until the server closes it, or until the end of the
   * attack.
   */
  async #hold(text: string): Promise<void> {
    const socket = await dial(this.#url);
    socket.pause();
    socket.write(text);
    const end = () => socket.destroy();
    this.#end.signal.addEventListener("abort", end, { once: true });
    await new Promise<void>((resolve) => {
      // a paused socket may not emit an event when the server closes it
      const look = setInterval(() => {
        if (socket.destroyed || !socket.writable) resolve();
      }, 200);
      socket.once("close", () => {
        clearInterval(look);
        resolve();
      });
    });
    this.#end.signal.removeEventListener("abort", end);
    socket.destroy();
  }

  #note(what: string): void {
    this.#statuses.set(what, (this.#statuses.get(what) ?? 0) + 1);
  }
}

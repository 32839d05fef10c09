import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { expect } from "vitest";
import type { Api } from "../../../http/test/serve.js";

export const ENCODINGS = ["identity", "gzip", "deflate", "br"] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** One request: the JSON of its events, and its encoding and headers. */
export interface Sent {
  readonly texts: readonly string[];
  readonly encoding: Encoding;
}

/** The result of one event. */
export interface EventResult {
  readonly outcome: string;
  /** How it was identified and its identity; `null` if it was refused, as that depends on the JSON that was sent. */
  readonly identity: string | null;
}

const ENCODE: Record<Encoding, (text: string) => Uint8Array | string> = {
  identity: (text) => text,
  gzip: (text) => gzipSync(text),
  deflate: (text) => deflateSync(text),
  br: (text) => brotliCompressSync(text),
};

/** A sender with its own tenant. */
export class Delivery {
  readonly #api: Api;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(api: Api, tenantId: string, key: string | null) {
    this.#api = api;
    this.#headers = {
      "X-Tenant": tenantId,
      Prefer: "return=minimal",
      ...(key !== null && { "Idempotency-Key": `"${key}"` }),
    };
  }

  /** Sends requests one after the other. Returns the result of each event in the order sent. */
  async send(requests: readonly Sent[]): Promise<readonly EventResult[]> {
    const results: EventResult[] = [];
    for (const request of requests) results.push(...(await this.#sendOne(request)));
    return results;
  }

  /** Returns everything that is visible of the counted events: exact totals and identities. */
  async state() {
    const { body: totals } = await this.#api.get("/aggregation?groupBy=both", this.#headers);
    const { body: list } = await this.#api.get("/events?status=processed&limit=1000", this.#headers);
    const counted = (list.events as Record<string, string>[])
      .map(({ raw: _asItWasSent, ...event }) => JSON.stringify(event))
      .sort();
    return { totals: totals.rows, counted };
  }

  async #sendOne({ texts, encoding }: Sent): Promise<readonly EventResult[]> {
    const { status, body } = await this.#api.post(ENCODE[encoding](`[${texts.join(",")}]`), {
      headers: { ...this.#headers, ...(encoding !== "identity" && { "Content-Encoding": encoding }) },
    });
    expect([200, 207, 409, 422], JSON.stringify(body)).toContain(status);
    expect(body.results).toHaveLength(texts.length);
    return body.results.map(
      ({ outcome, id, identifiedBy }: { outcome: string; id: string; identifiedBy: string }) => ({
        outcome,
        identity: outcome === "rejected" ? null : `${identifiedBy} ${id}`,
      }),
    );
  }
}

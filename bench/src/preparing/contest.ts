import { hash } from "node:crypto";
import { sha256Hex } from "@evt/core/store";
// internal modules, because the public API does not prepare without a store
import { Identifier } from "../../../packages/core/src/identity/identifier.js";
import { Preparer } from "../../../packages/core/src/ingest/prepare.js";
import { rawHash } from "../../../packages/core/src/ingest/raw-hash.js";
import { MappingChoice } from "../../../packages/core/src/normalize/mapping-choice.js";
import { systemRuntime } from "../../../packages/core/src/runtime/runtime.js";
import { type Contest, EVENTS_A_SECOND, type Measure, rowsOf } from "../harness/contest.js";
import { readFlights } from "../load/flights.js";
import { TENANT } from "../load/load.js";
import { meteringLoad } from "../load/metering-load.js";

const WHOLE = 100_000;
const QUICK = 20_000;

const FLOOR = "JSON.parse and SHA-256";
const PREPARING = "normalize and identify";

const row = rowsOf(EVENTS_A_SECOND);

/** Measures the work on an event before the store, on one core. */
export const preparing: Contest = {
  rows: [row(FLOOR), row(PREPARING, { against: FLOOR, bar: 0.45 })],
  prepare: async ({ quick }) => {
    const events = meteringLoad(await readFlights(), quick ? QUICK : WHOLE, Date.now());
    const texts = events.map((event) => JSON.stringify(event));
    const newPreparer = preparers();
    return {
      measures: new Map([
        [FLOOR, eachOf(texts, () => (text) => parseAndHash(text))],
        [
          PREPARING,
          eachOf(texts, () => {
            const preparer = newPreparer();
            return (text, i) => preparer.prepare(events[i], undefined, text).outcome === "prepared";
          }),
        ],
      ]),
    };
  },
};

/**
 * Returns a measure of strings per second. `begin` returns a function that does the work for one string, and returns
 * whether it succeeded.
 */
function eachOf(texts: readonly string[], begin: () => (text: string, i: number) => boolean): Measure {
  return async () => {
    const work = begin();
    let done = 0;
    const start = performance.now();
    for (const [i, text] of texts.entries()) if (work(text, i)) done++;
    const seconds = (performance.now() - start) / 1_000;
    if (done !== texts.length) throw new Error(`${done} of ${texts.length} events were prepared`);
    return texts.length / seconds;
  };
}

function parseAndHash(text: string): boolean {
  const parsed: unknown = JSON.parse(text);
  return typeof parsed === "object" && hash("sha256", text, "hex").length === 64;
}

/** Returns a function that creates preparers. Like `createEvt`, it compiles the mapping once, not for each call. */
function preparers(): () => Preparer {
  const choice = new MappingChoice({});
  const identifier = new Identifier(sha256Hex, rawHash);
  const { receiptId } = systemRuntime();
  return () =>
    new Preparer({
      tenantId: TENANT,
      receivedAt: new Date().toISOString(),
      clientId: undefined,
      mapping: undefined,
      batchKey: undefined,
      choice,
      raw: "keep",
      identifier,
      receiptId,
    });
}

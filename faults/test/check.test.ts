import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { check } from "../src/checker/check.js";
import { History, type ReportedOutcome } from "../src/history/history.js";
import { newEvents, type SentEvent } from "../src/history/sent-event.js";

function rowOf({ idempotencyKey: key, clientId, metric, amount, timestamp }: SentEvent) {
  return { key, clientId, metric, amount, occurredAt: `${Date.parse(timestamp)}000` };
}

function totalOf({ clientId, metric, amount }: SentEvent) {
  return { clientId, metric, count: 1, sum: amount, min: amount, max: amount };
}

function run(...outcomes: ReportedOutcome[]) {
  const [event] = newEvents(1, "run");
  if (event === undefined) throw new Error("one event was expected");
  const history = new History();
  history.willSend(event);
  for (const each of outcomes) history.record(event, each);
  return { event, history };
}

describe("check", () => {
  it("shares no code with evt", () => {
    const imported = ["checker", "history"].flatMap((folder) => {
      const files = new URL(`../src/${folder}/`, import.meta.url);
      return readdirSync(files).flatMap((file) =>
        [...readFileSync(new URL(file, files), "utf8").matchAll(/^import [^;"]*"([^"]+)"/gm)].map(
          ([, from]) => from,
        ),
      );
    });
    expect(imported).toContain("../history/history.js");
    expect(
      imported.filter(
        (from) => !/^(pg|node:\w+|(\.|\.\.\/checker|\.\.\/history)\/[\w-]+\.js)$/.test(from ?? ""),
      ),
    ).toEqual([]);
  });

  it("accepts events that were sent, acknowledged and stored once", () => {
    const { event, history } = run("processed", "duplicate");
    expect(check(history, [rowOf(event)], [totalOf(event)])).toEqual({
      lost: [],
      twice: [],
      unexpected: [],
      totalsExact: true,
    });
  });

  it("finds events that were acknowledged but are not stored, even if acknowledged as a duplicate", () => {
    for (const outcome of ["processed", "duplicate"] as const) {
      const { event, history } = run(outcome);
      expect(check(history, [], []).lost).toEqual([event.idempotencyKey]);
    }
  });

  it("finds events that are stored twice or were processed twice", () => {
    const stored = run("processed");
    const row = rowOf(stored.event);
    expect(check(stored.history, [row, row], []).twice).toEqual([row.key]);
    const processed = run("processed", "processed");
    expect(check(processed.history, [rowOf(processed.event)], []).twice).toEqual([
      processed.event.idempotencyKey,
    ]);
  });

  it("finds stored events that were never sent, changed content, and impossible outcomes", () => {
    const { event, history } = run("processed");
    const stranger = { ...rowOf(event), key: "stranger" };
    expect(check(history, [rowOf(event), stranger], []).unexpected).toEqual([
      "stranger is stored, but was never sent",
    ]);
    expect(check(history, [{ ...rowOf(event), amount: "77" }], []).unexpected).toHaveLength(1);
    const later = { ...rowOf(event), occurredAt: `${BigInt(rowOf(event).occurredAt) + 1n}` };
    expect(check(history, [later], []).unexpected).toHaveLength(1);
    for (const outcome of ["conflict", "rejected"] as const)
      expect(check(run(outcome).history, [], []).unexpected).toHaveLength(1);
    expect(check(run().history, [], []).unexpected).toHaveLength(1);
  });

  it("finds totals that are wrong in the last digit, missing or additional", () => {
    const { event, history } = run("processed");
    const total = totalOf(event);
    const rows = [rowOf(event)];
    expect(
      check(history, rows, [{ ...total, sum: `${total.sum}${total.sum.includes(".") ? "" : "."}0000000001` }])
        .totalsExact,
    ).toBe(false);
    expect(check(history, rows, []).totalsExact).toBe(false);
    expect(check(history, rows, [total, { ...total, metric: "other" }]).totalsExact).toBe(false);
    expect(check(history, rows, [{ ...total, count: 2 }]).totalsExact).toBe(false);
  });
});

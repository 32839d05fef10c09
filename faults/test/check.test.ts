import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { check } from "../src/checker/check.js";
import { History, type Told } from "../src/history/history.js";
import { newEvents, type SentEvent } from "../src/history/sent-event.js";

function rowOf({ idempotencyKey: key, clientId, metric, amount, timestamp }: SentEvent) {
  return { key, clientId, metric, amount, occurredAt: `${Date.parse(timestamp)}000` };
}

function totalOf({ clientId, metric, amount }: SentEvent) {
  return { clientId, metric, count: 1, sum: amount, min: amount, max: amount };
}

function run(...told: Told[]) {
  const [event] = newEvents(1, "run");
  if (event === undefined) throw new Error("one event was to be made");
  const history = new History();
  history.willSend(event);
  for (const each of told) history.wasTold(event, each);
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
    expect(imported).toContain("pg");
    expect(
      imported.filter(
        (from) => !/^(pg|node:\w+|(\.|\.\.\/checker|\.\.\/history)\/[\w-]+\.js)$/.test(from ?? ""),
      ),
    ).toEqual([]);
  });

  it("is content with what was sent, told and stored once", () => {
    const { event, history } = run("processed", "duplicate");
    expect(check(history, [rowOf(event)], [totalOf(event)])).toEqual({
      lost: [],
      twice: [],
      unexpected: [],
      totalsExact: true,
    });
  });

  it("finds what was acknowledged and is not stored, also as a duplicate", () => {
    for (const told of ["processed", "duplicate"] as const) {
      const { event, history } = run(told);
      expect(check(history, [], []).lost).toEqual([event.idempotencyKey]);
    }
  });

  it("finds what is stored twice, and what was told processed twice", () => {
    const stored = run("processed");
    const row = rowOf(stored.event);
    expect(check(stored.history, [row, row], []).twice).toEqual([row.key]);
    const told = run("processed", "processed");
    expect(check(told.history, [rowOf(told.event)], []).twice).toEqual([told.event.idempotencyKey]);
  });

  it("finds what nobody sent, content that was changed, and outcomes that cannot be", () => {
    const { event, history } = run("processed");
    const stranger = { ...rowOf(event), key: "stranger" };
    expect(check(history, [rowOf(event), stranger], []).unexpected).toEqual([
      "stranger is stored, and was never sent",
    ]);
    expect(check(history, [{ ...rowOf(event), amount: "77" }], []).unexpected).toHaveLength(1);
    const later = { ...rowOf(event), occurredAt: `${BigInt(rowOf(event).occurredAt) + 1n}` };
    expect(check(history, [later], []).unexpected).toHaveLength(1);
    for (const told of ["conflict", "rejected"] as const)
      expect(check(run(told).history, [], []).unexpected).toHaveLength(1);
    expect(check(run().history, [], []).unexpected).toHaveLength(1);
  });

  it("finds totals that are off in the last digit, missing, or too many", () => {
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

import { createEvt } from "@evt/core";
import { MemoryStore } from "@evt/store-memory";

const evt = createEvt({ store: new MemoryStore() });
const events = evt.tenant("acme");

const body = {
  source: "client_A",
  payload: { metric: "purchase", amount: "1200", timestamp: "2024/01/01" },
};

const first = await events.ingest(body);
const second = await events.ingest(body);
const totals = await events.aggregate({ groupBy: ["clientId"] });

const report: readonly string[] = [
  first.outcome,
  second.outcome,
  ...totals.rows.map((row) => `${row.count} ${row.sum}`),
];
console.log(report.join(", "));
await evt.close();

import type { EventRecord } from "../../src/store.js";
import type { SentEvent } from "./plan.js";
import type { Sender } from "./sender.js";
import { WINDOW_MS, type World } from "./world.js";

/** What must be stored once every sender has a result: computed from the sent events, without core. */
export function checkFinalState(senders: readonly Sender[], world: World): void {
  const rows = groupedBy(world.model.rows, (row) => keyOf(row.tenantId, sentOf(row), batchOf(row)));
  const mayBe = new Set<string>();
  for (const sender of senders) checkSender(sender, rows, mayBe, world);
  for (const key of rows.keys()) world.check(mayBe.has(key), `stored, yet never sent: ${key}`);
  for (const row of world.model.rows) checkRow(row, world);
  for (const parked of world.model.parked.values()) {
    const { status, resolvedAt, fingerprint, tenantId, identifiedBy } = parked;
    if (status !== "failed" || resolvedAt !== null || identifiedBy === "window") continue;
    const counted = world.model.rows.some(
      (row) =>
        row.tenantId === tenantId && row.fingerprint === fingerprint && row.identity === parked.identity,
    );
    world.check(!counted, "an event is counted and listed as failed");
  }
}

type Rows = Map<string, EventRecord[]>;

/** I1, I2: every event with a result is stored, and once. */
function checkSender(sender: Sender, rows: Rows, mayBe: Set<string>, world: World): void {
  const { tenantId } = sender.plan;
  const good = sender.events.filter(({ amount, metric }) => amount !== "x" && metric !== "poison");
  const keys = groupedBy(good, (event) => keyOf(tenantId, event, sender.batchKey));
  for (const [key, events] of keys) {
    mayBe.add(key);
    const stored = rows.get(key) ?? [];
    const most = sender.batchKey === undefined ? 1 : events.length;
    const inWindow = sender.batchKey === undefined && isInWindow(events[0] as SentEvent);
    if (inWindow) checkWindow(stored, world);
    else world.check(stored.length <= most, `stored ${stored.length} times: ${key}`);
    if (!sender.told) continue;
    const least = sender.batchKey === undefined ? 1 : events.length;
    world.check(stored.length >= least, `told, yet stored ${stored.length} times: ${key}`);
  }
}

/** A lapsing claim is taken again only after it has lapsed. */
function checkWindow(stored: readonly EventRecord[], world: World): void {
  const times = stored.map(({ receivedAt }) => Date.parse(receivedAt)).sort((a, b) => a - b);
  for (const [i, time] of times.entries()) {
    const before = times[i - 1];
    if (before !== undefined) world.check(time - before >= WINDOW_MS, "counted twice in one window");
  }
}

/** I3: a row equals what was sent. */
function checkRow(row: EventRecord, world: World): void {
  const sent = JSON.parse(row.rawJson ?? "null") as SentEvent;
  const { clientId, metric, amount, timestamp } = row;
  const same = sent.clientId === clientId && sent.metric === metric && sent.amount === amount;
  world.check(
    same && (sent.timestamp ?? row.receivedAt) === timestamp,
    `stored otherwise than sent: ${row.rawJson}`,
  );
}

function sentOf({ rawJson }: EventRecord): SentEvent {
  return JSON.parse(rawJson ?? "null") as SentEvent;
}

/** Each sender of a batch with a key sends its own contents, whose metric is the key. */
function batchOf({ metric }: EventRecord): string | undefined {
  return metric.startsWith("sender ") ? metric : undefined;
}

function isInWindow({ idempotencyKey, timestamp }: SentEvent): boolean {
  return idempotencyKey === undefined && timestamp === undefined;
}

/** What makes two events the same, without hashes. */
function keyOf(tenantId: string, event: SentEvent, batchKey: string | undefined): string {
  const { clientId, metric, amount, timestamp, idempotencyKey } = event;
  if (batchKey === undefined && idempotencyKey !== undefined)
    return [tenantId, "key", clientId, idempotencyKey].join(" ");
  return [tenantId, batchKey ?? "none", clientId, metric, amount, timestamp ?? "unstamped"].join(" ");
}

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

import type { Fault } from "../harness/fault.js";
import type { Tally } from "../harness/tally.js";
import { History } from "../history/history.js";
import { newEvents } from "../history/sent-event.js";
import { inRounds } from "../rig/in-rounds.js";
import type { Rig } from "../rig/rig.js";

const BATCH = 100;

/**
 * JSON texts of members that replace those of a valid event. The last poison is valid for evt, and only the database
 * refuses it.
 */
const POISONS: readonly Readonly<Record<string, string>>[] = [
  { amount: '"NaN"' },
  { amount: "1e400" },
  { amount: "9007199254740993" },
  { clientId: '"\\ud800"' },
  { metric: '"a\\u0000b"' },
  { timestamp: '"infinity"' },
  { timestamp: '"2026-02-30"' },
  { idempotencyKey: `"${"k".repeat(300)}"` },
  { amount: "666" },
];

export const poison: Fault = {
  name: "F21",
  title: "a poison value at each position of a batch of 100",
  rounds: { full: BATCH * POISONS.length, short: 18 },
  run: (context) =>
    inRounds(
      context,
      {},
      ({ rig, tally, round, tenantId }) => {
        const members = POISONS[round % POISONS.length] ?? {};
        return poisoned(rig, tally, tenantId, Math.floor(round / POISONS.length) % BATCH, members);
      },
      (rig) => rig.admin("alter table evt.event add constraint poison check (amount <> 666)"),
    ),
};

async function poisoned(
  rig: Rig,
  tally: Tally,
  tenantId: string,
  position: number,
  members: Readonly<Record<string, string>>,
): Promise<void> {
  const history = new History();
  const events = newEvents(BATCH, tenantId).map((event) => ({ ...event, amount: "1" }));
  const texts = events.map((event, i) =>
    i === position ? jsonOf({ ...event, idempotencyKey: "poison" }, members) : JSON.stringify(event),
  );
  const good = events.filter((_, i) => i !== position);
  for (const event of good) history.willSend(event);
  const response = await fetch(`${rig.server.url}/api/events`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Tenant": tenantId },
    body: `[${texts.join(",")}]`,
  });
  const { results } = (await response.json()) as { results: { outcome: "processed" | "rejected" }[] };
  tally.expect(response.status === 207, `${JSON.stringify(members)} at ${position} got ${response.status}`);
  tally.expect(
    results[position]?.outcome === "rejected",
    `${JSON.stringify(members)} at ${position} was ${results[position]?.outcome}`,
  );
  const others = results.filter((_, i) => i !== position);
  for (const [i, event] of good.entries()) history.record(event, others[i]?.outcome ?? "rejected");
  await rig.check(tally, history, tenantId);
}

function jsonOf(event: object, members: Readonly<Record<string, string>>): string {
  const written = Object.entries(event).map(
    ([name, value]) => `${JSON.stringify(name)}:${members[name] ?? JSON.stringify(value)}`,
  );
  return `{${written.join(",")}}`;
}

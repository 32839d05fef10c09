import type { Fault } from "../harness/fault.js";
import type { Tally } from "../harness/tally.js";
import { newEvents } from "../history/sent-event.js";
import { inRounds } from "../rig/in-rounds.js";
import type { Rig } from "../rig/rig.js";
import { storm } from "../rig/storm.js";

export const otherTenant: Fault = {
  name: "F33",
  title: "every route with another tenant's ids, cursors and keys",
  rounds: { full: 30, short: 3 },
  run: (context) =>
    inRounds(context, {}, ({ rig, tally, tenantId }) =>
      trespass(rig, tally, tenantId, `other of ${tenantId}`),
    ),
};

async function trespass(rig: Rig, tally: Tally, owner: string, other: string): Promise<void> {
  const ask = async (tenantId: string, method: string, path: string, body?: unknown) => {
    const response = await fetch(`${rig.server.url}/api${path}`, {
      method,
      headers: { "X-Tenant": tenantId, "Content-Type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const events = newEvents(5, owner);
  await storm(rig, tally, owner, [[events]]);
  await ask(owner, "POST", "/events", { clientId: "a", nothing: "to count" });
  const page = await ask(owner, "GET", "/events?limit=2");
  const cursor = String(page.body["nextCursor"]);
  const owned = (await ask(owner, "GET", "/events")).body["events"] as { id: string }[];
  tally.expect(owned.length === 6, `the owner lists ${owned.length} entries of 6`);
  const expectStatus = async (expected: number, method: string, path: string, body?: unknown) => {
    const { status } = await ask(other, method, path, body);
    tally.expect(status === expected, `${method} ${path} for another tenant got ${status}`);
  };
  for (const { id } of owned) {
    await expectStatus(404, "GET", `/events/${id}`);
    await expectStatus(404, "GET", `/events/${id}/history`);
    await expectStatus(404, "POST", `/events/${id}/replay`, { clientId: "thief", amount: 1 });
  }
  await expectStatus(400, "GET", `/events?limit=2&cursor=${encodeURIComponent(cursor)}`);
  const totals = "/aggregation?groupBy=both&limit=2";
  const totalsCursor = String((await ask(owner, "GET", totals)).body["nextCursor"]);
  const next = await ask(owner, "GET", `${totals}&cursor=${totalsCursor}`);
  tally.expect(next.status === 200, `the owner's next page of totals got ${next.status}`);
  await expectStatus(400, "GET", `${totals}&cursor=${totalsCursor}`);
  const replayed = await ask(other, "POST", "/events/replay?all=true");
  tally.expect(
    (replayed.body["results"] as unknown[]).length === 0,
    "another tenant replayed events that are not its own",
  );
  for (const [path, member] of [
    ["/events", "events"],
    ["/events/reasons", "reasons"],
    ["/events/clients", "clients"],
    ["/events/metrics", "metrics"],
    ["/aggregation?groupBy=both", "rows"],
  ] as const) {
    const { body } = await ask(other, "GET", path);
    tally.expect((body[member] as unknown[]).length === 0, `${path} returned another tenant's data`);
  }
  // in another tenant, the same keys identify different events
  await storm(rig, tally, other, [[events]]);
  const { body } = await ask(other, "GET", "/aggregation");
  const [row] = body["rows"] as { count: number }[];
  tally.expect(row?.count === 5, `the other tenant counts ${row?.count} of its 5 events`);
}

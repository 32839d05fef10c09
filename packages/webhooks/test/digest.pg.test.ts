import { createWebhooks } from "@evt/webhooks";
import { expect, it, onTestFinished } from "vitest";
import { until } from "../../store-postgres/test/until.js";
import { receiver, SECRET } from "./receiver.js";
import { type WebhooksFixture, webhooksFixture } from "./webhooks-fixture.js";

interface Digest {
  readonly count: number;
  readonly byStatus: Record<string, number>;
  readonly byReason: Record<string, number>;
  readonly events: readonly { readonly id: string }[];
  readonly complete: boolean;
}

const AN_HOUR = 3_600_000;
const digest = (of: { message: { data: unknown } } | undefined) => of?.message.data as Digest;
const empty = ({ admin, schema }: WebhooksFixture) =>
  until(admin, `select where not exists (select from ${schema}.webhook_outbox)`);

/** Makes the events older, as if they had waited. */
const age = ({ admin, schema }: WebhooksFixture, ms: number) =>
  admin.query(`update ${schema}.webhook_outbox set at = at - ${ms} * interval '1 millisecond'`);

it("a digest has a period's events in one message, with counts and at most 100 IDs", async () => {
  const to = await receiver();
  const made = await webhooksFixture([{ url: to.url, digest: { everyMs: AN_HOUR } }]);
  const ids = await made.reject(130);
  await age(made, AN_HOUR);
  made.webhooks.start();
  await to.accepts(1);
  await empty(made);
  expect(to.received).toHaveLength(1);
  expect(to.received[0]?.message.type).toBe("events.parked.digest");
  const { count, byStatus, byReason, events, complete } = digest(to.received[0]);
  expect({ count, byStatus, complete }).toEqual({ count: 130, byStatus: { rejected: 130 }, complete: false });
  expect(Object.values(byReason)).toEqual([130]);
  expect(events).toHaveLength(100);
  for (const { id } of events) expect(ids).toContain(id);
});

it("a digest is sent once its oldest event has waited for the period", async () => {
  const to = await receiver();
  const singly = await receiver();
  const made = await webhooksFixture([
    { name: "digests", url: to.url, digest: { everyMs: AN_HOUR } },
    { name: "singly", url: singly.url },
  ]);
  made.webhooks.start();
  await made.reject(3);
  await singly.accepts(3);
  expect(to.received).toEqual([]);
  await age(made, AN_HOUR);
  await to.accepts(1);
  expect(digest(to.received[0]).count).toBe(3);
});

it("a digest is sent again with the same ID and events; later events are in the next digest", async () => {
  let broken = true;
  const to = await receiver(() => (broken ? 500 : 200));
  const made = await webhooksFixture([{ url: to.url, digest: { everyMs: AN_HOUR } }], { attempts: 1_000 });
  const first = await made.reject(2);
  await age(made, AN_HOUR);
  made.webhooks.start();
  await to.receives(1);
  const later = await made.reject(3);
  await age(made, AN_HOUR);
  await to.receives(6);
  broken = false;
  await to.accepts(2);
  await empty(made);
  const notified = to.accepted.map((one) =>
    digest(one)
      .events.map(({ id }) => id)
      .sort(),
  );
  expect(notified).toHaveLength(2);
  expect(notified).toContainEqual([...first].sort());
  expect(notified).toContainEqual([...later].sort());
  expect(new Set(to.received.map(({ id }) => id)).size).toBe(2);
});

it("a digest contains each event once if two workers relay at the same time", async () => {
  const to = await receiver();
  const endpoint = { name: "ops", url: to.url, secret: SECRET, digest: { everyMs: 1 } };
  const made = await webhooksFixture([endpoint]);
  const { pool, schema } = made;
  const other = createWebhooks({ pool, schema, endpoints: [endpoint], pollMs: 20 });
  onTestFinished(() => other.stop());
  made.webhooks.start();
  other.start();
  const ids: string[] = [];
  for (let round = 0; round < 20; round++) ids.push(...(await made.reject(4)));
  await empty(made);
  const notified = to.accepted.flatMap((one) => digest(one).events.map(({ id }) => id));
  expect(notified.sort()).toEqual(ids.sort());
});

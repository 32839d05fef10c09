import { createEvt } from "@evt/core";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { until } from "../../store-postgres/test/until.js";
import { receiver, SECRET } from "./receiver.js";
import { type WebhooksFixture, webhooksFixture } from "./webhooks-fixture.js";

const idsOf = (received: { message: { data: Record<string, unknown> } }[]) =>
  received.map(({ message }) => message.data["id"]).sort();

/** Waits until no job is left. */
function settled({ admin, schema }: WebhooksFixture): Promise<void> {
  return until(
    admin,
    `select where not exists (select from ${schema}.webhook_outbox where gave_up_at is null)
        and not exists (select from ${schema}_webhooks.job where state not in ('completed', 'failed', 'cancelled') and dead_letter is not null)`,
  );
}

describe("delivery", () => {
  it("sends one signed notification for each parked event", async () => {
    const to = await receiver();
    const made = await webhooksFixture([{ url: to.url }]);
    await made.webhooks.start();
    const ids = await made.reject(30);
    await to.accepts(30);
    await settled(made);
    expect(idsOf(to.received)).toEqual([...ids].sort());
    expect(new Set(to.received.map(({ id }) => id)).size).toBe(30);
    expect(to.refused).toEqual([]);
    expect(made.errors).toEqual([]);
    expect(to.received[0]?.message).toMatchObject({
      type: "event.rejected",
      data: { tenantId: "acme", clientId: "a", status: "rejected", issues: [{}] },
    });
    expect(to.received[0]?.message.data).not.toHaveProperty("raw");
  });

  it("names the vouched client of an event that names another client", async () => {
    const to = await receiver();
    const made = await webhooksFixture([{ url: to.url }]);
    await made.webhooks.start();
    const events = createEvt({ store: made.store }).tenant("acme", { clientId: "a" });
    await events.ingest({ clientId: "b", amount: 1 });
    await to.accepts(1);
    await settled(made);
    expect(to.received[0]?.message.data).toMatchObject({
      clientId: "b",
      vouchedClientId: "a",
      issues: [{ code: "client_id_mismatch" }],
    });
  });

  it("has the unit and the dimensions of an event, as far as they could be read", async () => {
    const to = await receiver();
    const made = await webhooksFixture([{ url: to.url }]);
    await made.webhooks.start();
    const mapping = { dimensions: { plan: "plan", region: "region" } };
    const events = createEvt({ store: made.store, mapping }).tenant("acme");
    await events.ingest({ client: "a", amount: "many", currency: "EUR", plan: "pro", region: {} });
    await to.accepts(1);
    await events.ingest({ client: "a", amount: "many", currency: {} });
    await to.accepts(2);
    await settled(made);
    expect(to.received.map(({ message }) => message.data)).toMatchObject([
      { unit: "EUR", dimensions: { plan: "pro" } },
      { unit: null, dimensions: null },
    ]);
  });

  it("does not send another notification if an event is parked again", async () => {
    const to = await receiver();
    const made = await webhooksFixture([{ url: to.url }]);
    const { admin, schema } = made;
    await made.reject(1);
    expect(await made.waiting()).toBe(1);
    const columns = "tenant_id, id, status, received_at, issues, attempts, last_attempt_at, reasons";
    await admin.query(
      `insert into ${schema}.parked (${columns}) select ${columns} from ${schema}.parked
       on conflict (tenant_id, id) do update set attempts = parked.attempts + 1`,
    );
    expect(await made.waiting()).toBe(1);
  });

  it("sends a message again after a 500, with the same ID and a new timestamp", async () => {
    const to = await receiver((_, before) => (before < 2 ? 500 : 200));
    const made = await webhooksFixture([{ url: to.url }], { retryDelayS: 1 });
    await made.webhooks.start();
    await made.reject(1);
    await to.accepts(1);
    await settled(made);
    expect(to.received).toHaveLength(3);
    expect(new Set(to.received.map(({ id }) => id)).size).toBe(1);
    expect(new Set(to.received.map(({ body }) => body)).size).toBe(1);
    expect(Number(to.received[2]?.timestamp)).toBeGreaterThan(Number(to.received[0]?.timestamp));
    expect(made.errors.map(String)).toEqual([
      expect.stringContaining("status 500"),
      expect.stringContaining("status 500"),
    ]);
    expect(await made.webhooks.undelivered()).toEqual([]);
  });

  it("sends a message again if its response is lost, with the same ID", async () => {
    const to = await receiver((_, before) => (before === 0 ? "drop" : 200));
    const made = await webhooksFixture([{ url: to.url }]);
    await made.webhooks.start();
    await made.reject(1);
    await to.accepts(1);
    await settled(made);
    expect(to.received).toHaveLength(2);
    expect(to.received[0]?.id).toBe(to.received[1]?.id);
  });

  it("lists a message without attempts left, and sends it again on request", async () => {
    let broken = true;
    const to = await receiver(() => (broken ? 503 : 200));
    const made = await webhooksFixture([{ url: to.url }], { attempts: 3 });
    await made.webhooks.start();
    await made.reject(1);
    await to.receives(3);
    await settled(made);
    const [given] = await made.webhooks.undelivered();
    expect(given).toMatchObject({ endpoint: "ops", events: 1 });
    expect(given?.lastError).toContain("503");
    broken = false;
    expect(await made.webhooks.resend([given?.messageId ?? ""])).toBe(1);
    await to.accepts(1);
    await settled(made);
    expect(await made.webhooks.undelivered()).toEqual([]);
    expect(new Set(to.received.map((one) => one.id)).size).toBe(1);
  });

  it("gives up on a message after a 410", async () => {
    const to = await receiver(() => 410);
    const made = await webhooksFixture([{ url: to.url }]);
    await made.webhooks.start();
    await made.reject(1);
    await to.receives(1);
    await settled(made);
    expect(to.received).toHaveLength(1);
    expect(await made.webhooks.undelivered()).toMatchObject([{ lastError: expect.stringContaining("410") }]);
  });

  it("does not follow a redirect", async () => {
    const to = await receiver((_, before) => (before === 0 ? 307 : 200));
    const made = await webhooksFixture([{ url: to.url }], { attempts: 1 });
    await made.webhooks.start();
    await made.reject(1);
    await to.receives(1);
    await settled(made);
    expect(await made.webhooks.undelivered()).toHaveLength(1);
  });

  it("does not send a notification for an event that was resolved before delivery", async () => {
    const to = await receiver();
    const made = await webhooksFixture([{ url: to.url }]);
    const { admin, schema } = made;
    const [resolved] = await made.reject(2);
    await admin.query(`update ${schema}.parked set resolved_at = now() where id = decode($1, 'hex')`, [
      resolved,
    ]);
    await made.webhooks.start();
    await settled(made);
    expect(to.received).toHaveLength(1);
    expect(idsOf(to.received)).not.toContain(resolved);
  });

  it("sends an endpoint only events with its statuses and tenants", async () => {
    const conflicts = await receiver();
    const globex = await receiver();
    const made = await webhooksFixture([
      { url: conflicts.url, name: "conflicts", statuses: ["conflict"] },
      { url: globex.url, name: "globex", tenants: ["globex"] },
    ]);
    await made.webhooks.start();
    await made.reject(2, "acme");
    const ids = await made.reject(3, "globex");
    await globex.accepts(3);
    await settled(made);
    expect(idsOf(globex.received)).toEqual([...ids].sort());
    expect(conflicts.received).toEqual([]);
  });

  it("delivers to one endpoint while another hangs", async () => {
    const hanging = await receiver(() => "hang");
    const well = await receiver();
    const made = await webhooksFixture(
      [
        { name: "hanging", url: hanging.url },
        { name: "well", url: well.url },
      ],
      // no attempt ends in the meantime
      { timeoutMs: 600_000 },
    );
    await made.webhooks.start();
    await made.reject(1);
    await hanging.receives(1);
    await made.reject(60);
    await well.accepts(61);
    // at most ten attempts have begun, and none has ended
    expect(hanging.received.length).toBeLessThanOrEqual(10);
    expect(made.errors).toEqual([]);
    const stopped = made.webhooks.stop();
    hanging.drop();
    await stopped;
  });

  it("ends an attempt after timeoutMs if the endpoint hangs", async () => {
    const to = await receiver((_, before) => (before === 0 ? "hang" : 200));
    const made = await webhooksFixture([{ url: to.url }], { timeoutMs: 1_000 });
    await made.webhooks.start();
    await made.reject(1);
    await to.accepts(1);
    await settled(made);
    // more than two if the machine is too busy to send a response within a second
    expect(to.received.length).toBeGreaterThanOrEqual(2);
    expect(String(made.errors[0])).toContain("no response within 1000 ms");
  });
});

it("creates a signature that does not verify with another body, ID or secret", async () => {
  const to = await receiver();
  const made = await webhooksFixture([{ url: to.url }]);
  await made.webhooks.start();
  await made.reject(1);
  await to.accepts(1);
  const [{ body, headers } = { body: "", headers: {} }] = to.received;
  const other = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
  expect(() => new Webhook(SECRET).verify(body, headers)).not.toThrow();
  expect(() => new Webhook(SECRET).verify(body.replace("acme", "acne"), headers)).toThrow(
    "No matching signature",
  );
  expect(() => new Webhook(SECRET).verify(body, { ...headers, "webhook-id": "msg_other" })).toThrow();
  expect(() => new Webhook(other).verify(body, headers)).toThrow("No matching signature");
});

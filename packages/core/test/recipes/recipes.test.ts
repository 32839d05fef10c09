import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createEvt } from "../../src/create-evt.js";
import type { Mapping } from "../../src/normalize/mapping.js";
import * as recipes from "../../src/recipes/index.js";
import { FakeRuntime } from "../../src/testing/fake-runtime.js";
import { ScriptedStore } from "../scripted-store.js";
import * as bodies from "./bodies.js";

const tenantWith = (mapping: Mapping) =>
  createEvt({ store: new ScriptedStore(), runtime: new FakeRuntime(), mapping }).tenant("acme");

const secret = "a secret";
const rawBody = JSON.stringify(bodies.githubPush);
const signed = {
  "x-github-event": "push",
  "x-github-delivery": "delivery-0001",
  "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(rawBody).digest("hex")}`,
};
const pushed = recipes.githubEvent({ rawBody, headers: signed, secret });

/** Client, metric, amount with its unit, time. */
type Read = readonly [string, string, string, string];
const at = "2024-03-05T09:15:00.000Z";
const topic = bodies.eventGridEvents[0]?.topic ?? "";

const cases: readonly (readonly [string, Mapping, unknown, readonly Read[]])[] = [
  [
    "Segment's batch",
    recipes.segment,
    bodies.segmentBatch,
    [
      ["user-17", "Report Exported", "1", "2024-03-05T09:15:00.120Z"],
      ["anonymous-4", "identify", "1", "2024-03-05T09:15:01.000Z"],
    ],
  ],
  [
    "SendGrid's events",
    recipes.sendgrid,
    bodies.sendgridEvents,
    [
      ["sendgrid", "delivered", "1", at],
      ["sendgrid", "open", "1", "2024-03-05T09:16:00.000Z"],
    ],
  ],
  [
    "a Stripe webhook",
    recipes.stripe,
    bodies.stripeEvent,
    [["acct_0001", "charge.succeeded", "2599 EUR", at]],
  ],
  ["a Shopify order", recipes.shopify, bodies.shopifyOrder, [["shopify", "order", "64.95 EUR", at]]],
  ["a GitHub webhook", recipes.github, pushed, [["octo/example", "push", "1", "receipt"]]],
  [
    "a PayPal webhook",
    recipes.paypal,
    bodies.paypalCapture,
    [["MERCHANT0001", "PAYMENT.CAPTURE.COMPLETED", "57 USD", at]],
  ],
  ["a notification of SNS", recipes.sns, bodies.snsNotification, [["shop", "order", "19.9", at]]],
  [
    "a push of Pub/Sub",
    recipes.pubsubPush,
    bodies.pubsubMessage,
    [["shop", "größe", "4", "2024-03-05T09:15:00.371Z"]],
  ],
  [
    "a request of Firehose",
    recipes.firehose,
    bodies.firehoseRequest,
    [
      ["shop", "view", "1", "receipt"],
      ["shop", "view", "1", "receipt"],
    ],
  ],
  [
    "Event Grid's events",
    recipes.eventGrid,
    bodies.eventGridEvents,
    [[topic, "Example.OrderPlaced", "19.9", "2024-03-05T09:15:00.123456Z"]],
  ],
  [
    "OTLP metrics",
    recipes.otlpMetrics,
    bodies.otlpRequest,
    [
      ["checkout", "http.server.requests", "5 1", at],
      ["checkout", "http.server.requests", "5 1", at],
    ],
  ],
  [
    "GA4's Measurement Protocol",
    recipes.ga4,
    bodies.ga4Payload,
    [
      ["1000000001.1700000000", "purchase", "30.03 EUR", at],
      ["1000000001.1700000000", "page_view", "1", at],
      ["1000000001.1700000000", "page_view", "1", at],
    ],
  ],
  [
    "Mixpanel's import",
    recipes.mixpanelImport,
    bodies.mixpanelEvents,
    [
      ["user-17", "Signed Up", "1", at],
      ["user-17", "Credits Bought", "250", "2024-03-05T09:15:00.123Z"],
    ],
  ],
  [
    "a CloudEvent for OpenMeter",
    recipes.openMeter,
    bodies.openMeterEvent,
    [["customer-1", "tokens", "120", at]],
  ],
];

describe.each(cases)("the recipe for %s", (_, mapping, body, expected) => {
  const raws = Array.isArray(body) ? body : [body];

  it("reads each event", async () => {
    const events = tenantWith(mapping);
    const previews = await events.preview(raws);
    const read = previews.map(({ canonical, provenance }) => [
      canonical.clientId,
      canonical.metric,
      canonical.unit ? `${canonical.amount} ${canonical.unit}` : canonical.amount,
      provenance.timestamp === "receipt" ? "receipt" : canonical.timestamp,
    ]);
    expect(previews.flatMap(({ issues }) => issues)).toEqual([]);
    expect(read).toEqual(expected);
  });

  it("counts each event once, however often the body is sent", async () => {
    const events = tenantWith(mapping);
    expect(await events.ingestMany(raws)).toMatchObject({ processed: expected.length });
    const again = structuredClone(raws).toReversed();
    expect(await events.ingestMany(again)).toMatchObject({ processed: 0, duplicates: expected.length });
  });
});

describe("the recipe for GitHub", () => {
  it.each([
    ["another body", { rawBody: `${rawBody} `, headers: signed, secret }],
    ["another secret", { rawBody, headers: signed, secret: "another" }],
    ["no signature", { rawBody, headers: {}, secret }],
  ])("refuses %s", (_, request) => {
    expect(() => recipes.githubEvent(request)).toThrow("not the signature of this body");
  });

  it("reads bytes as well as text", () => {
    expect(recipes.githubEvent({ rawBody: Buffer.from(rawBody), headers: signed, secret })).toEqual(pushed);
  });
});

describe("a recipe parks with a reason", () => {
  const cumulative = structuredClone(bodies.otlpRequest);
  const [metric] = cumulative.resourceMetrics[0]?.scopeMetrics[0]?.metrics ?? [];
  if (metric) metric.sum.aggregationTemporality = 2;

  it.each([
    ["a metric that is not a delta sum", recipes.otlpMetrics, cumulative, /not a delta sum/],
    [
      "a subscription that is not confirmed",
      recipes.sns,
      { Type: "SubscriptionConfirmation" },
      /not a Notification/,
    ],
    ["JSON that is cut off", recipes.sns, { ...bodies.snsNotification, Message: "{" }, /`unwrap` threw/],
    ["what is not Base64", recipes.pubsubPush, { message: { data: "%" } }, /`unwrap` threw/],
    ["a message without data", recipes.pubsubPush, { message: {} }, /no string with Base64/],
    ["a request without records", recipes.firehose, { requestId: "1" }, /no array at records/],
    ["a payload without events", recipes.ga4, { client_id: "1" }, /no array at events/],
  ])("%s", async (_, mapping, body, message) => {
    const outcome = await tenantWith(mapping).ingest(body);
    expect(outcome).toMatchObject({
      outcome: "rejected",
      issues: [{ code: "unwrap_failed", message: expect.stringMatching(message) }],
      parked: { rawJson: JSON.stringify(body) },
    });
  });
});

it("digits of numbers in the JSON of a string are kept", async () => {
  const Message = '{"client":705167622904680449,"type":"order","amount":1}';
  const outcome = await tenantWith(recipes.sns).ingest({ ...bodies.snsNotification, Message });
  expect(outcome).toMatchObject({ event: { clientId: "705167622904680449" } });
});

it("two events of OpenMeter with one id and two sources are two events", async () => {
  const events = tenantWith(recipes.openMeter);
  const other = { ...bodies.openMeterEvent, source: "batch-jobs" };
  expect(await events.ingestMany([bodies.openMeterEvent, other])).toMatchObject({ processed: 2 });
});

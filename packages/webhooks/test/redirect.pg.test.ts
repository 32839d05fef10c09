import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { until } from "../../store-postgres/test/until.js";
import { receiver } from "./receiver.js";
import { webhooksFixture } from "./webhooks-fixture.js";

it.each([301, 302, 307, 308])("does not send events to the target of a %d redirect", async (status) => {
  const elsewhere = await receiver();
  const pointing = createServer((_, res) => res.writeHead(status, { location: elsewhere.url }).end());
  pointing.listen(0, "127.0.0.1");
  await once(pointing, "listening");
  onTestFinished(() => {
    pointing.closeAllConnections();
    pointing.close();
  });
  const url = `http://127.0.0.1:${(pointing.address() as AddressInfo).port}/`;
  const made = await webhooksFixture([{ url }], { attempts: 1 });
  const { admin, schema } = made;
  made.webhooks.start();
  await made.reject(1);
  await until(admin, `select from ${schema}.webhook_outbox where gave_up_at is not null`);
  expect(await made.webhooks.undelivered()).toMatchObject([{ lastError: `status ${status}` }]);
  expect([elsewhere.received, elsewhere.refused]).toEqual([[], []]);
});

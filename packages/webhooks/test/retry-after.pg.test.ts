import { expect, it } from "vitest";
import { until } from "../../store-postgres/test/until.js";
import { receiver } from "./receiver.js";
import { webhooksFixture } from "./webhooks-fixture.js";

const inTenMinutes = () => new Date(Date.now() + 600_000).toUTCString();

it.each([
  ["seconds", 503, () => "600", 600],
  ["a date", 429, inTenMinutes, 600],
  ["more than a day", 503, () => "999999999", 86_400],
])("a receiver's Retry-After delays the next attempt: %s", async (_, status, retryAfter, delayS) => {
  const to = await receiver((_, before) =>
    before === 0 ? { status, headers: { "retry-after": retryAfter() } } : 200,
  );
  const made = await webhooksFixture([{ url: to.url }]);
  const { admin, schema } = made;
  made.webhooks.start();
  await made.reject(1);
  await to.receives(1);
  await until(admin, `select from ${schema}_webhooks.job where state = 'retry'`);
  const { rows } = await admin.query(
    `select extract(epoch from start_after - now())::float8 as "delayS" from ${schema}_webhooks.job where state = 'retry'`,
  );
  expect(rows).toHaveLength(1);
  expect(rows[0].delayS).toBeGreaterThan(delayS - 60);
  expect(rows[0].delayS).toBeLessThanOrEqual(delayS);
  expect(to.received).toHaveLength(1);
  await admin.query(`update ${schema}_webhooks.job set start_after = now() where state = 'retry'`);
  await to.accepts(1);
});

it("a Retry-After that is shorter than the retry's delay does not shorten the delay", async () => {
  const to = await receiver(() => ({ status: 503, headers: { "retry-after": "1" } }));
  const made = await webhooksFixture([{ url: to.url }], { retryDelayS: 600 });
  const { admin, schema } = made;
  made.webhooks.start();
  await made.reject(1);
  await to.receives(1);
  const delayed = `select from ${schema}_webhooks.job where state = 'retry' and start_after > now() + interval '500 s'`;
  await until(admin, delayed);
});

import { createEvt } from "@evt/core";
import {
  createWebhooks,
  type Endpoint,
  migrateWebhooks,
  type Webhooks,
  type WebhooksOptions,
} from "@evt/webhooks";
import { onTestFinished } from "vitest";
import { type Fixture, fixture } from "../../store-postgres/test/fixture.js";
import { SECRET } from "./receiver.js";

export interface WebhooksFixture extends Fixture {
  readonly webhooks: Webhooks;
  readonly errors: unknown[];
  /** Sends events that are rejected, and returns their IDs. */
  reject(count: number, tenant?: string): Promise<string[]>;
  /** Returns the number of rows in the outbox. */
  waiting(): Promise<number>;
}

export type EndpointOf = Pick<Endpoint, "url"> & Partial<Endpoint>;

/** Options for retries without a delay, so that tests do not wait. */
export const QUICK = { retryDelayS: 0, pollMs: 20 } as const;

let events = 0;

/** Returns a migrated schema with webhooks that are not started. */
export async function webhooksFixture(
  endpoints: readonly EndpointOf[],
  options: Partial<WebhooksOptions> = {},
): Promise<WebhooksFixture> {
  const made = await fixture({ config: { max: 20 } });
  const { admin, schema, pool, store } = made;
  onTestFinished(async () => {
    await admin.query(`drop schema if exists ${schema}_webhooks cascade`);
  });
  const complete = endpoints.map((endpoint) => ({ name: "ops", secret: SECRET, ...endpoint }));
  await migrateWebhooks(admin, { schema, endpoints: complete });
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const webhooks = createWebhooks({ pool, schema, endpoints: complete, onError, ...QUICK, ...options });
  onTestFinished(() => webhooks.stop());
  const evt = createEvt({ store });
  return {
    ...made,
    webhooks,
    errors,
    reject: async (count, tenant = "acme") => {
      const bad = Array.from({ length: count }, () => ({ client: "a", eventId: `bad ${events++}` }));
      const { outcomes } = await evt.tenant(tenant).ingestMany(bad);
      return outcomes.map((outcome) => outcome.id);
    },
    waiting: async () => {
      const { rows } = await admin.query(`select count(*)::int as count from ${schema}.webhook_outbox`);
      return rows[0].count;
    },
  };
}

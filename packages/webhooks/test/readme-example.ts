import { createEvt } from "@evt/core";
import { migrate, PostgresStore } from "@evt/store-postgres";
import { createWebhooks, type Endpoint, migrateWebhooks } from "@evt/webhooks";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
const endpoints: Endpoint[] = [
  {
    name: "ops",
    url: process.env.OPS_URL ?? "",
    secret: process.env.OPS_SECRET ?? "",
    statuses: ["rejected", "failed"],
  },
];
await migrate(pool);
await migrateWebhooks(pool, { endpoints });

const webhooks = createWebhooks({ pool, endpoints, onError: (error) => console.error(error) });
webhooks.start();

const evt = createEvt({ store: new PostgresStore({ pool }) });
await evt.tenant("acme").ingest({ client: "shop", metric: "purchase" }); // no amount: rejected, and ops is notified

export { evt, pool, webhooks };

import { createRateLimits, postgresCounters } from "@evt/rate-limits";
import pg from "pg";

// prints how many of its requests were admitted. Starts when it reads a line, so that several processes run at the same time
const [, , connectionString, schema, requests] = process.argv;
const pool = new pg.Pool({ connectionString, max: 4 });
const limits = createRateLimits({
  requests: { day: 50 },
  store: postgresCounters({ pool, schema }),
  whenStoreFails: "refuse",
  storeMs: 60_000,
});
const request = { key: "tenant t", tenantId: "t", clientId: null, sendsEvents: false };
await pool.query("select 1");
process.stdout.write("ready\n");
await new Promise((resolve) => process.stdin.once("data", resolve));
const admit = async () => {
  try {
    await limits.admit(request);
    return 1;
  } catch (error) {
    if ((error as { status?: number }).status === 429) return 0;
    throw error;
  }
};
let admitted = 0;
for (let sent = 0; sent < Number(requests); sent += 10)
  for (const each of await Promise.all(Array.from({ length: 10 }, admit))) admitted += each;
process.stdout.write(`${admitted}\n`);
await pool.end();
process.exit(0);

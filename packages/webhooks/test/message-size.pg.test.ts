import type { ParkedEvent } from "@evt/core";
import type { SqlQuery } from "@evt/store-postgres/internal";
import { expect, it } from "vitest";
import { depth } from "../../../test/setup/depth.js";
import { failureOf, patient, recordOf } from "../../store-postgres/test/records.js";
import type { Endpoint } from "../src/endpoint.js";
import { messageBody } from "../src/message-body.js";
import { MAX_RAW_BYTES } from "../src/message-data.js";
import { SECRET } from "./receiver.js";
import { webhooksFixture } from "./webhooks-fixture.js";

const DIGEST = { digest: { everyMs: 1 } } as const;

/** Parks the events. Returns the data of one message about them, and the number of characters read for it. */
async function messageAbout(endpoint: Partial<Endpoint>, raws: readonly (string | null)[]) {
  const ops: Endpoint = { name: "ops", url: "https://example.com", secret: SECRET, ...endpoint };
  const { admin, schema, store } = await webhooksFixture([ops]);
  for (const rawJson of raws) await store.park([rejectedOf(rawJson)], patient());
  const { rows } = await admin.query(
    `update ${schema}.webhook_outbox set message_id = made.id from (select gen_random_uuid() as id offset 0) as made
      returning message_id`,
  );
  let read = 0;
  const query: SqlQuery = async (text, values) => {
    const result = await admin.query(text, values as unknown[]);
    for (const row of result.rows)
      for (const value of Object.values(row)) read += value === null ? 0 : String(value).length;
    return result.rows;
  };
  const body = await messageBody(schema, ops, rows[0].message_id, query);
  return { data: JSON.parse(String(body)).data, read };
}

const rejectedOf = (rawJson: string | null): ParkedEvent =>
  failureOf(recordOf(), {
    status: "rejected",
    rawJson,
    error: null,
    issues: [{ code: "amount_missing", path: "", message: "no amount" }],
  });

const rawOf = (bytes: number): string => `"${"a".repeat(bytes - 2)}"`;

it.each([false, true])(
  "a digest of many large events does not read their raw events (raw: %s)",
  async (raw) => {
    const { data, read } = await messageAbout(
      { ...DIGEST, raw },
      Array(60).fill(rawOf(depth(0.1, 4.7) * 2 ** 20)),
    );
    expect(data).toMatchObject({
      count: 60,
      byStatus: { rejected: 60 },
      byReason: { amount_missing: 60 },
      complete: true,
    });
    expect(data.events).toHaveLength(60);
    expect(read).toBeLessThan(20_000);
  },
);

it("a digest with more events than it lists counts them in the database", async () => {
  const { data, read } = await messageAbout(DIGEST, Array(250).fill("{}"));
  expect(data).toMatchObject({ count: 250, byReason: { amount_missing: 250 }, complete: false });
  expect(data.events).toHaveLength(100);
  expect(read).toBeLessThan(20_000);
});

it("reads a raw event only if the message contains it", async () => {
  const { data, read } = await messageAbout({}, [rawOf(2 ** 20)]);
  expect(data).not.toHaveProperty("raw");
  expect(data).not.toHaveProperty("rawOmitted");
  expect(read).toBeLessThan(2_000);
});

it("a message contains a raw event up to the limit, and is marked if the raw event is omitted", async () => {
  const largest = rawOf(MAX_RAW_BYTES);
  expect((await messageAbout({ raw: true }, [largest])).data).toMatchObject({ raw: largest });
  const { data, read } = await messageAbout({ raw: true }, [rawOf(MAX_RAW_BYTES + 1)]);
  expect(data).toMatchObject({ raw: null, rawOmitted: true });
  expect(read).toBeLessThan(2_000);
  const { data: notKept } = await messageAbout({ raw: true }, [null]);
  expect(notKept).toMatchObject({ raw: null });
  expect(notKept).not.toHaveProperty("rawOmitted");
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { depth } from "../../../../../test/setup/depth.js";
import { postgresUrl } from "../../../../../test/setup/postgres-url.js";
import { freshDatabase } from "../fresh-database.js";
import { post, running } from "../running.js";
import { expectRealTotals, RECORDS } from "./expect-real-totals.js";

const once = { state: "done", processed: RECORDS, duplicates: RECORDS, refused: 0 };
const again = { state: "done", processed: 0, duplicates: 2 * RECORDS, refused: 0 };

describe("filling Postgres with the real data", () => {
  test("counts every record once, to the last digit, although each is sent twice; a second run adds nothing", async () => {
    const url = await freshDatabase(postgresUrl());
    const server = await running({ kind: "postgres", url });
    await post(`${server.url}/example/seed`, null);
    expect(await server.seedJob.run()).toMatchObject(once);
    await expectRealTotals(server);
    expect(await server.seedJob.run()).toMatchObject(again);
    await expectRealTotals(server);
  });

  test("the embedded store keeps everything over a restart", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "evt-example-"));
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
    const before = await running({ kind: "embedded", dataDir });
    expect(await before.seedJob.run()).toMatchObject(once);
    await before.stop();

    const after = await running({ kind: "embedded", dataDir });
    await expectRealTotals(after);
    // the first test covers a second run, too
    if (!depth(false, true)) return;
    expect(await after.seedJob.run()).toMatchObject(again);
    await expectRealTotals(after);
  });
});

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { compiled } from "@evt/programs";
import { migrations } from "@evt/store-postgres";
import { expect, it, onTestFinished } from "vitest";
import { postgresUrl } from "../../../test/setup/postgres-url.js";
import { freshSchema, testPool } from "./fixture.js";
import { START } from "./start-lock.js";
import { until } from "./until.js";

const PROCESSES = 10;

it("applies each step once if ten processes migrate at the same time", async () => {
  const admin = testPool();
  const schema = freshSchema();
  onTestFinished(async () => {
    await admin.query(`drop schema ${schema} cascade`);
  });
  const starter = await admin.connect();
  await starter.query(`select ${START.hold}`, [schema]);
  const processes = Array.from({ length: PROCESSES }, () => migrateAtStart(schema));
  const waiting = "select from pg_stat_activity where application_name = $1 and wait_event_type = 'Lock'";
  await until(
    admin,
    `select from (select count(*) from (${waiting}) as one) as all_of_them where count = ${PROCESSES}`,
    [schema],
  );
  await starter.query(`select ${START.give}`, [schema]);
  starter.release();
  const applied = (await Promise.all(processes)).flat().sort((a, b) => a - b);
  expect(applied).toEqual(migrations().map(({ version }) => version));
});

async function migrateAtStart(schema: string): Promise<number[]> {
  const program = await compiled(new URL("./migrate-at-start.ts", import.meta.url), "sources");
  const { stdout } = await promisify(execFile)(process.execPath, [program, postgresUrl(), schema]);
  return JSON.parse(stdout) as number[];
}

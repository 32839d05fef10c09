import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startLocalPostgres } from "@evt/local-postgres";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isAlive } from "../src/process-mark.js";

const starter = fileURLToPath(new URL("./start-and-wait.ts", import.meta.url));
const quiet = { onNotice: () => {} };

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  readonly pid: number;
  readonly log: string;
}

/** Starts a separate process that starts a Postgres and waits to be killed. */
function startElsewhere(dataDir = ""): Promise<Started> {
  const child = spawn(process.execPath, ["--import", "tsx", starter, dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.stdout?.once("data", (line) => resolve({ child, ...JSON.parse(String(line)) }));
    child.once("exit", () => reject(new Error("ended before Postgres was up")));
  });
}

async function one<Row>(url: string, sql: string): Promise<Row | undefined> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows[0];
  } finally {
    await client.end();
  }
}

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 45_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error("did not come true in 45 seconds");
    await sleep(20);
  }
}

function runningWith(...words: string[]): number[] {
  const numbers = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return numbers.map(Number).filter((pid) => words.every((word) => commandOf(pid).includes(word)));
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

describe("a temporary Postgres", () => {
  test("is Postgres 18 with default settings, and is removed after stop", async () => {
    const postgres = await startLocalPostgres(quiet);
    const said = await one<Record<string, string>>(
      postgres.url,
      `select current_setting('server_version_num')::int / 10000 as major, current_setting('fsync') as fsync,
              current_setting('synchronous_commit') as commit, current_setting('listen_addresses') as listens`,
    );
    await postgres.stop();
    expect(said).toEqual({ major: 18, fsync: "on", commit: "on", listens: "127.0.0.1" });
    expect(isAlive(postgres.pid)).toBe(false);
    expect(existsSync(dirname(postgres.log))).toBe(false);
  });

  test("requires its password", async () => {
    const postgres = await startLocalPostgres(quiet);
    const url = new URL(postgres.url);
    url.password = "guess";
    await expect(one(url.href, "select 1")).rejects.toMatchObject({ code: "28P01" });
    await postgres.stop();
  });

  test("runs at the same time as others", async () => {
    const both = await Promise.all([startLocalPostgres(quiet), startLocalPostgres(quiet)]);
    const rows = await Promise.all(both.map(({ url }) => one(url, "select 1 as up")));
    await Promise.all(both.map((postgres) => postgres.stop()));
    expect(rows).toEqual([{ up: 1 }, { up: 1 }]);
  });

  test("ends and is removed if the process that started it is killed", async () => {
    const { child, pid, log } = await startElsewhere();
    child.kill("SIGKILL");
    await until(() => !isAlive(pid) && !existsSync(dirname(log)));
  });

  test.runIf(existsSync("/proc/self"))(
    "is removed by the next start when its watchdog was killed too",
    async () => {
      const { child, pid, log } = await startElsewhere();
      const watchdog = runningWith("watchdog.mjs", dirname(log));
      expect(watchdog).toHaveLength(1);
      for (const victim of [...watchdog, child.pid ?? 0]) process.kill(victim, "SIGKILL");
      await until(() => child.signalCode !== null);
      expect(isAlive(pid)).toBe(true);
      await (await startLocalPostgres(quiet)).stop();
      expect(isAlive(pid)).toBe(false);
      expect(existsSync(dirname(log))).toBe(false);
    },
  );

  test("reports Postgres's message if it does not start", async () => {
    const failing = startLocalPostgres({ ...quiet, settings: { max_connections: "none" } });
    await expect(failing).rejects.toThrow(/max_connections/);
  });
});

describe("a Postgres with a data folder", () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), "evt-lasting-"));
  });
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  test("keeps its data after a restart", async () => {
    const first = await startLocalPostgres({ ...quiet, dataDir });
    await one(first.url, "create table kept as select 17 as value");
    await first.stop();
    const second = await startLocalPostgres({ ...quiet, dataDir });
    const kept = await one(second.url, "select value from kept");
    await second.stop();
    expect(kept).toEqual({ value: 17 });
  });

  test("refuses a second process while the first is running", async () => {
    const first = await startElsewhere(dataDir);
    const second = startLocalPostgres({ ...quiet, dataDir });
    await expect(second).rejects.toThrow(`in use by process ${first.child.pid}`);
    expect(await one(first.url, "select 1 as up")).toEqual({ up: 1 });
    first.child.kill("SIGKILL");
    await until(() => !isAlive(first.pid));
  });

  test("starts again after its process was killed", async () => {
    const killed = await startElsewhere(dataDir);
    killed.child.kill("SIGKILL");
    await until(() => killed.child.signalCode !== null);
    const next = await startLocalPostgres({ ...quiet, dataDir });
    const kept = await one(next.url, "select value from kept");
    await next.stop();
    expect(kept).toEqual({ value: 17 });
  });

  test("starts again after the server was killed, even if another process has its process ID", async () => {
    const first = await startLocalPostgres({ ...quiet, dataDir });
    const pidFile = join(dataDir, "postgres-18", "postmaster.pid");
    process.kill(first.pid, "SIGKILL");
    await until(() => !isAlive(first.pid));
    await first.stop();
    writeFileSync(pidFile, `${process.pid}\n`);
    const next = await startLocalPostgres({ ...quiet, dataDir });
    const kept = await one(next.url, "select value from kept");
    await next.stop();
    expect(kept).toEqual({ value: 17 });
  });

  test.runIf(process.getuid?.() === 0)(
    "as root, in a folder that no other user can enter, stores its data elsewhere and reports the place",
    async () => {
      const hidden = join(mkdtempSync(join(tmpdir(), "evt-hidden-")), "data");
      mkdirSync(hidden);
      const said: string[] = [];
      const start = () => startLocalPostgres({ dataDir: hidden, onNotice: (line) => said.push(line) });
      const first = await start();
      await one(first.url, "create table kept as select 17 as value");
      await first.stop();
      const second = await start();
      const kept = await one(second.url, "select value from kept");
      await second.stop();
      const place = dirname(realpathSync(join(hidden, "postgres-18")));
      rmSync(place, { recursive: true });
      rmSync(dirname(hidden), { recursive: true });
      expect(kept).toEqual({ value: 17 });
      expect(said).toHaveLength(1);
      expect(said[0]).toContain(`its data is in ${place}`);
    },
  );
});

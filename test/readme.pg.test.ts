import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Curl, type Example, fileOf, readmeCurls, readmeExamples, run } from "./readme-examples.js";
import { dropDatabase } from "./setup/drop-database.js";
import { postgresUrl } from "./setup/postgres-url.js";

const examples = ["README.md", "docs/guide.md"]
  .flatMap((document) => readmeExamples(document).map((example) => ({ document, ...example })))
  .filter(({ code }) => code.includes("DATABASE_URL"));
const database = `readme_${process.pid}`;
const administrator = new pg.Pool({ connectionString: postgresUrl(), max: 1 });

// an empty database for each example, as a reader has, because the examples use the schema `evt`
beforeEach(async () => {
  await administrator.query(`create database ${database}`);
  const url = new URL(postgresUrl());
  url.pathname = `/${database}`;
  vi.stubEnv("DATABASE_URL", url.href);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await dropDatabase(administrator, database);
});

afterAll(() => administrator.end());

it.each(examples.filter(({ listens }) => !listens))(
  "the example in $document under “$heading” prints the lines in its comments, on Postgres",
  async (example) => {
    expect(example.prints.length).toBeGreaterThan(0);
    expect(await run(example)).toEqual(example.prints);
  },
);

it("README.md has a server that returns the printed results to its curl commands", async () => {
  const server = examples.find(({ document, listens }) => document === "README.md" && listens);
  const port = await freePort();
  const code = (server?.code ?? "").replace("3001", String(port));
  const stop = await start({ ...(server as Example), code });
  try {
    const [post, totals] = readmeCurls("README.md") as [Curl, Curl];
    expect(await sent(post, port)).toContain('"outcome":"processed"');
    expect(await sent(post, port)).toContain('"outcome":"duplicate"');
    expect(await sent(totals, port)).toContain('"sum":"1"');
  } finally {
    await stop();
  }
});

/** Starts an example server in its own process. Returns a function that ends it. */
async function start(example: Example): Promise<() => Promise<void>> {
  const file = fileOf(example);
  const root = fileURLToPath(new URL("../", import.meta.url));
  const server = spawn(process.execPath, ["--import", "tsx", fileURLToPath(file)], {
    env: { ...process.env, TSX_TSCONFIG_PATH: `${root}tsconfig.json` },
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(server, "exit");
  await Promise.race([once(server.stdout, "data"), exit]);
  return async () => {
    server.kill();
    await exit;
    rmSync(file);
  };
}

/** Sends a `curl` command's request to another port and returns the response body. */
async function sent({ url, headers, body }: Curl, port: number): Promise<string> {
  const request = body === undefined ? { headers } : { headers, method: "POST", body };
  return (await fetch(url.replace("3001", String(port)), request)).text();
}

/** Returns a free port, because the example's port may be taken. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

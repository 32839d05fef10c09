// A program that starts a Postgres, prints its URL, and waits until it is killed.
import { startLocalPostgres } from "../src/index.js";

const dataDir = process.argv[2];
const { url, pid, log } = await startLocalPostgres({ ...(dataDir ? { dataDir } : {}), onNotice: () => {} });
console.log(JSON.stringify({ url, pid, log }));
setInterval(() => {}, 1_000);

import { writeSync } from "node:fs";
import pg from "pg";
import { main } from "./main.js";

const print = (descriptor: number) => (line: string) =>
  void writeSync(descriptor, line === "" ? "" : `${line}\n`);

const exitCode = main({
  args: process.argv.slice(2),
  databaseUrl: process.env.DATABASE_URL,
  connect: (connectionString) => new pg.Pool({ connectionString, max: 1 }),
  printOut: print(1),
  printNote: print(2),
});
// set instead of calling process.exit, so that the output is complete
void exitCode.then((code) => {
  process.exitCode = code;
});

import pg from "pg";
import { main } from "../src/cli/main.js";

/** Runs `evt-keys` with a command line. Arguments may be in double quotes. */
export async function runEvtKeys(databaseUrl: string | undefined, commandLine: string) {
  const args = [...commandLine.matchAll(/"([^"]*)"|\S+/g)].map(([whole, inQuotes]) => inQuotes ?? whole);
  let out = "";
  let note = "";
  const code = await main({
    args,
    databaseUrl,
    connect: (connectionString) => new pg.Pool({ connectionString, max: 1 }),
    printOut: (line) => {
      out += `${line}\n`;
    },
    printNote: (line) => {
      note += `${line}\n`;
    },
  });
  return { code, out, note };
}

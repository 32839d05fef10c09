import { exposure } from "./known-hosts.js";
import { seedOnTerminal } from "./seed/seed-on-terminal.js";
import { StartError, settingsFrom } from "./settings.js";
import { startServer } from "./start-server.js";

async function main(): Promise<void> {
  const settings = settingsFrom(process.env, process.argv.slice(2));
  const starting = startServer(settings);
  // registered before the server has started, so that a signal during the start also stops it properly
  endOn(["SIGTERM", "SIGINT"], async () => (await starting).stop());
  const server = await starting;
  console.log(`evt is listening on ${server.url} (store: ${settings.store.kind})`);
  const warning = exposure(settings);
  if (warning !== null) console.error(`evt: ${warning}`);
  if (settings.seed) await seedOnTerminal(server.seedJob, console.log);
}

/** Signals within this time count as one. A Ctrl-C arrives twice, because npm forwards the terminal's signal. */
const SAME_SIGNAL_MS = 1_000;

/** Ends the process properly on the first signal, and immediately on a further signal after {@link SAME_SIGNAL_MS}. */
function endOn(signals: readonly NodeJS.Signals[], end: () => Promise<void>): void {
  let endingSince: number | undefined;
  for (const signal of signals) {
    process.on(signal, () => {
      if (endingSince !== undefined) {
        if (performance.now() - endingSince > SAME_SIGNAL_MS) process.exit(1);
        return;
      }
      endingSince = performance.now();
      end().then(() => process.exit(0), fail);
    });
  }
}

function fail(error: unknown): void {
  const known = error instanceof StartError;
  console.error(known ? `evt cannot start: ${error.message}` : error);
  process.exit(1);
}

main().catch(fail);

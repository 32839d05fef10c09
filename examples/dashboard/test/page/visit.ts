import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import type { RunningServer } from "../../server/serve.js";
import { running } from "../server/running.js";

const BUILT = fileURLToPath(new URL("../../dist/page/index.html", import.meta.url));

/** Flags that turn off what a browser cannot use here: a screen, and a network beyond this machine. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface Visit {
  readonly page: Page;
  readonly server: RunningServer;
  /** Errors of the page: on its console, thrown, or reported by its content security policy. */
  readonly complaints: string[];
}

export interface VisitOptions extends BrowserContextOptions {
  /** The address to open, relative to the server's root. */
  readonly path?: string;
  readonly server?: RunningServer;
  /** Whether the page has a clock that the test can move, from its first timer on. */
  readonly movableClock?: boolean;
}

/** Starts one browser for the tests of a file. Each visit has its own server, store and profile. */
export function visitor(): (options?: VisitOptions) => Promise<Visit> {
  let browser: Browser;
  beforeAll(async () => {
    if (!existsSync(BUILT)) throw new Error("the page is not built; npm run test:browser does it");
    const executablePath = process.env.EVT_CHROMIUM ?? "/usr/bin/chromium";
    browser = await chromium.launch({ executablePath, args: FLAGS });
  });
  afterAll(() => browser.close());

  return async ({ path = "/", server: given, movableClock = false, ...options } = {}) => {
    const server = given ?? (await running());
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    if (movableClock) await page.clock.install();
    await page.goto(`${server.url}${path}`);
    return { page, server, complaints };
  };
}

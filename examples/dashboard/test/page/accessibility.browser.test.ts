import axe from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { post } from "../server/running.js";
import { type Visit, type VisitOptions, visitor } from "./visit.js";

const visit = visitor();

const events = [
  { client: "ann", metric: "click", amount: "1", time: "2024-01-01", eventId: "1" },
  { client: "ann", metric: "click", amount: "-2.5", time: "2024-01-02", eventId: "2" },
  { client: "ann", metric: "click", amount: "many", time: "2024-01-02" },
  { client: "ann", metric: "click", amount: "3", time: "2024-01-01", eventId: "1" },
];

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** Returns the violations that axe finds, each with its place. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate<Violation[]>("axe.run().then(({ violations }) => violations)");
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}\n${node.failureSummary}`));
}

async function visitWithEvents(path: string, options: VisitOptions = {}): Promise<Visit> {
  const visited = await visit({ ...options, reducedMotion: "reduce" });
  await post(`${visited.server.url}/api/events`, events);
  await post(`${visited.server.url}/api/events?simulateFailure=before`, [{ ...events[0], eventId: "3" }]);
  await visited.page.goto(`${visited.server.url}${path}`);
  return visited;
}

const day = "startDate=2024-01-01&endDate=2024-01-02";

/** Every view: its name, its path, and a text that appears when it has loaded. */
const views: readonly (readonly [string, string, string])[] = [
  ["Send", "/#/send", "payload.timestamp"],
  ["Events", "/#/events", "-2.5"],
  ["Events, none", "/#/events?metric=none", "Nothing matches"],
  ["Events, refused", "/#/events?status=unheard", "Try again"],
  ["Totals by both", "/#/totals?groupBy=both", "click"],
  ["Totals, charted", `/#/totals?groupBy=none&interval=day&${day}`, "highest"],
];

describe.each(["light", "dark"] as const)("axe, in %s colours", (colorScheme) => {
  test.each(views)("finds nothing in %s", async (_name, path, sign) => {
    const { page } = await visitWithEvents(path, { colorScheme });
    await page.getByText(sign).first().waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test("finds no problem in outcomes", async () => {
    const { page } = await visitWithEvents("/#/send", { colorScheme });
    await page.getByRole("button", { name: "Array" }).click();
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByText("2 processed, 1 duplicate, 1 rejected.").waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test("finds no problem in an open event and in the filling with real data", async () => {
    const { page } = await visitWithEvents("/#/events?status=conflict", { colorScheme });
    await page.getByRole("link", { name: /^Open event/ }).click();
    await page.getByText("amount_differs").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Fill with real data" }).click();
    await page.getByText("To remove the data:").waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

describe("the colours", () => {
  const background = (page: Page) => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");

  test("follow the system, or the choice of the user, which is kept", async () => {
    const { page } = await visit({ colorScheme: "dark" });
    const dark = await background(page);
    await page.getByRole("button", { name: /^Colours/ }).click();
    await page.getByRole("menuitemradio", { name: "Light" }).click();
    await expect.poll(() => background(page)).not.toBe(dark);
    const light = await background(page);
    await page.reload();
    await expect.poll(() => background(page)).toBe(light);
  });

  test("are set before the script of the page runs, so nothing flashes", async () => {
    const { page, server } = await visit({ colorScheme: "dark" });
    await page.route(/assets\/.*\.js$/, (route) => route.abort());
    await page.goto(`${server.url}/?again`);
    expect(await page.locator("html").getAttribute("data-mantine-color-scheme")).toBe("dark");
  });
});

describe("on a screen of 360 pixels", () => {
  test.each(views)("%s has nothing to scroll sideways", async (_name, path, sign) => {
    const { page } = await visitWithEvents(path, { viewport: { width: 360, height: 780 } });
    await page.getByText(sign).first().waitFor();
    await expect.poll(() => page.evaluate<number>("document.documentElement.scrollWidth")).toBe(360);
  });
});

describe("by keyboard", () => {
  test("the first tab stop skips the navigation", async () => {
    const { page } = await visit();
    await page.getByRole("heading", { name: "Send events" }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate<string>("document.activeElement.id")).toBe("main");
  });
});

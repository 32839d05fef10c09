import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { post } from "../server/running.js";
import { type Visit, visitor } from "./visit.js";

const visit = visitor();

/** Returns the text of each cell of the table, row by row. */
function table(page: Page): Promise<string[][]> {
  return page
    .locator("tbody tr")
    .all()
    .then((rows) => Promise.all(rows.map((row) => row.getByRole("cell").allInnerTexts())));
}

/** Waits until the first columns of the table are as expected. Fails if time is up. */
async function expectTable(page: Page, expected: readonly (readonly string[])[]): Promise<void> {
  const columns = expected[0]?.length ?? 0;
  await expect.poll(async () => (await table(page)).map((row) => row.slice(0, columns))).toEqual(expected);
}

async function groupBy(page: Page, what: string): Promise<void> {
  await page.getByRole("radiogroup", { name: "Group by" }).getByText(what, { exact: true }).click();
}

async function visitWithEvents(path = "/#/totals"): Promise<Visit> {
  const visited = await visit();
  await post(`${visited.server.url}/api/events`, [
    { client: "ann", metric: "click", amount: "0.1", time: "2024-01-01" },
    { client: "ann", metric: "click", amount: "0.2", time: "2024-01-02" },
    { client: "ann", metric: "buy", amount: "12345678901234567890.5", time: "2024-01-02" },
    { client: "bob", metric: "click", amount: "-7", time: "2024-01-03" },
  ]);
  await visited.page.goto(`${visited.server.url}${path}`);
  return visited;
}

describe("totals", () => {
  test("without events, the totals say what the user can do", async () => {
    const { page } = await visit({ path: "/#/totals" });
    await page.getByText("Nothing was counted yet").waitFor();
  });

  test("totals by client, by metric, by both and by neither are exact, digit for digit", async () => {
    const { page, complaints } = await visitWithEvents();
    await expectTable(page, [
      ["ann", "3", "12345678901234567890.8"],
      ["bob", "1", "-7"],
    ]);
    await groupBy(page, "Metric");
    await expectTable(page, [
      ["buy", "1", "12345678901234567890.5"],
      ["click", "3", "-6.7"],
    ]);
    await groupBy(page, "Both");
    await expectTable(page, [
      ["ann", "buy", "1", "12345678901234567890.5"],
      ["ann", "click", "2", "0.3"],
      ["bob", "click", "1", "-7"],
    ]);
    await groupBy(page, "Nothing");
    await expectTable(page, [["4", "12345678901234567883.8"]]);
    expect(page.url()).toContain("groupBy=none");
    expect(complaints).toEqual([]);
  });

  test("a range of days and an interval show a row and a bar for each interval", async () => {
    const { page } = await visitWithEvents("/#/totals?groupBy=none");
    await page.getByLabel("Interval").selectOption("day");
    await page.getByText("An interval needs a first and a last day.").waitFor();
    await page.getByLabel("From").fill("2024-01-02");
    await page.getByLabel("To, inclusive").fill("2024-01-03");
    await expectTable(page, [
      ["2024-01-02", "2", "12345678901234567890.7"],
      ["2024-01-03", "1", "-7"],
    ]);
    const bars = page.getByRole("img", { name: "Sum of each interval" }).locator("rect");
    await expect.poll(() => bars.count()).toBe(2);
  });

  test("a click on a column header sorts by it, and a second one reverses the order", async () => {
    const { page } = await visitWithEvents();
    await page.getByRole("button", { name: "Count" }).click();
    await expectTable(page, [["ann"], ["bob"]]);
    await page.getByRole("button", { name: "Count" }).click();
    await expectTable(page, [["bob"], ["ann"]]);
    const header = page.getByRole("columnheader", { name: "Count" });
    await expect.poll(() => header.getAttribute("aria-sort")).toBe("ascending");
  });

  test("a row leads to its events", async () => {
    const { page } = await visitWithEvents();
    await page.getByRole("link", { name: "bob" }).click();
    await page.getByRole("row", { name: /bob click -7/ }).waitFor();
  });
});

import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { post } from "../server/running.js";
import { visitor } from "./visit.js";

const visit = visitor();

const rows = (page: Page) => page.getByRole("table").getByRole("row");

/** Sixty clicks of two clients, and one event that is rejected. */
const events = [
  ...Array.from({ length: 60 }, (_, i) => ({
    client: i % 3 === 0 ? "ann" : "bob",
    metric: "click",
    amount: i,
    time: `2024-01-${String(1 + (i % 28)).padStart(2, "0")}T00:00:00Z`,
    eventId: `click-${i}`,
  })),
  { client: "ann", metric: "click", amount: "many", time: "2024-02-01" },
];

async function visitWithEvents(path = "/#/events") {
  const visited = await visit();
  await post(`${visited.server.url}/api/events`, events);
  await visited.page.goto(`${visited.server.url}${path}`);
  return visited;
}

describe("the list of events", () => {
  test("without events, the list says what the user can do", async () => {
    const { page } = await visit({ path: "/#/events" });
    await page.getByText("No events yet").waitFor();
    await page.getByRole("link", { name: "Send an event" }).waitFor();
  });

  test("pages go forward and back", async () => {
    const { page, complaints } = await visitWithEvents();
    await expect.poll(() => rows(page).count()).toBe(1 + 50);
    await page.getByRole("button", { name: "Next" }).click();
    await expect.poll(() => rows(page).count()).toBe(1 + 11);
    await expect.poll(() => page.getByRole("button", { name: "Next" }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Previous" }).click();
    await expect.poll(() => rows(page).count()).toBe(1 + 50);
    expect(complaints).toEqual([]);
  });

  test("a page that was opened by its address has a link to the first page", async () => {
    const { page } = await visitWithEvents();
    await page.getByRole("button", { name: "Next" }).click();
    await expect.poll(() => rows(page).count()).toBe(1 + 11);
    await page.reload();
    await expect.poll(() => rows(page).count()).toBe(1 + 11);
    await page.getByRole("button", { name: "First page" }).click();
    await expect.poll(() => rows(page).count()).toBe(1 + 50);
  });

  test("filters change the list and are in the address", async () => {
    const { page } = await visitWithEvents();
    await page.getByLabel("Client").fill("ann");
    await expect.poll(() => rows(page).count()).toBe(1 + 21);
    await page.getByLabel("Status").selectOption("rejected");
    await expect.poll(() => rows(page).count()).toBe(1 + 1);
    await expect.poll(() => page.url()).toContain("clientId=ann");
    expect(page.url()).toContain("status=rejected");
    await page.reload();
    await expect.poll(() => rows(page).count()).toBe(1 + 1);
    await page.getByRole("button", { name: "Clear" }).click();
    await expect.poll(() => rows(page).count()).toBe(1 + 50);
  });

  test("dates filter by the time of the event, and include the last day", async () => {
    const { page } = await visitWithEvents("/#/events?startDate=2024-01-02&endDate=2024-01-03");
    await expect.poll(() => rows(page).count()).toBe(1 + 6);
  });

  test("a filter without matches says so", async () => {
    const { page } = await visitWithEvents("/#/events?metric=none");
    await page.getByText("Nothing matches").waitFor();
    await page.getByRole("link", { name: "Show everything" }).click();
    await expect.poll(() => rows(page).count()).toBe(1 + 50);
  });

  test("an error of the server is shown with its code", async () => {
    const { page } = await visit({ path: "/#/events?status=unheard" });
    await page.getByText(/status is/).waitFor();
    await page.getByText(/^400 EVT_/).waitFor();
  });
});

describe("one event", () => {
  test("shows the raw and the canonical event, and has its own address", async () => {
    const { page } = await visitWithEvents("/#/events?status=rejected");
    await page.getByRole("link", { name: /^Open event/ }).click();
    const detail = page.getByRole("dialog", { name: "Event" });
    await detail.getByText('"amount": "many"').waitFor();
    await detail.getByText("amount_not_a_number").waitFor();
    await page.reload();
    await detail.getByText('"amount": "many"').waitFor();
    await page.keyboard.press("Escape");
    await detail.waitFor({ state: "hidden" });
    await expect.poll(() => page.url()).not.toContain("event=");
  });

  test("numbers in the raw event keep every digit", async () => {
    const { page, server } = await visit();
    const body = '{"client":"ann","metric":"m","amount":"1","time":"2024-01-01","big":9007199254740993}';
    const headers = { "content-type": "application/json" };
    await fetch(`${server.url}/api/events`, { method: "POST", headers, body });
    await page.goto(`${server.url}/#/events`);
    await page.getByRole("link", { name: /^Open event/ }).click();
    await page.getByRole("dialog").getByText('"big": 9007199254740993').waitFor();
  });

  test("shows the unit next to the amount, in the list and in the detail", async () => {
    const { page, server } = await visit();
    const priced = { client: "ann", metric: "buy", amount: "9.5", currency: "EUR", time: "2024-01-01" };
    await post(`${server.url}/api/events`, priced);
    await page.goto(`${server.url}/#/events`);
    await page.getByRole("cell", { name: "9.5 EUR" }).waitFor();
    await page.getByRole("link", { name: /^Open event/ }).click();
    const detail = page.getByRole("dialog", { name: "Event" });
    await detail.getByText("Unit", { exact: true }).waitFor();
    await detail.getByText("EUR", { exact: true }).waitFor();
  });

  test("an unknown id shows an error", async () => {
    const { page } = await visit({ path: `/#/events?event=${"0".repeat(64)}` });
    await page.getByRole("dialog").getByText(/^404 /).waitFor();
  });
});

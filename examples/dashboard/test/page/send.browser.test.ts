import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { getJson } from "../server/running.js";
import { visitor } from "./visit.js";

const visit = visitor();

const outcome = (page: Page) => page.getByRole("region", { name: "What happened" });
const preview = (page: Page) => page.getByRole("region", { name: "What would happen" });
const editor = (page: Page) => page.getByLabel("An event, or an array of events, as JSON");

async function send(page: Page): Promise<void> {
  const response = page.waitForResponse(
    (r) => r.request().method() === "POST" && !r.url().includes("dryRun"),
  );
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await response;
}

async function simulate(page: Page, failure: string): Promise<void> {
  await page
    .getByRole("radiogroup", { name: "Simulate a failure" })
    .getByText(failure, { exact: true })
    .click();
}

describe("sending an example", () => {
  test.each([
    ["Nested", ["Processed"]],
    ["Flat", ["Processed"]],
    ["Array", ["Processed", "Processed", "Duplicate", "Rejected"]],
    ["CloudEvent", ["Processed"]],
    ["Broken", ["Rejected"]],
  ])("%s becomes %o", async (example, outcomes) => {
    const { page } = await visit();
    await page.getByRole("button", { name: example }).click();
    await send(page);
    const items = outcome(page).getByRole("listitem");
    for (const [i, word] of outcomes.entries()) await items.nth(i).getByText(word, { exact: true }).waitFor();
  });

  test("a rejected event shows each issue with its path", async () => {
    const { page } = await visit();
    await page.getByRole("button", { name: "Broken" }).click();
    await send(page);
    await outcome(page).getByText("payload.amount").waitFor();
    await outcome(page).getByText("amount_not_a_number").waitFor();
    await outcome(page).getByText("payload.timestamp").waitFor();
    await outcome(page).getByText("timestamp_impossible").waitFor();
  });

  test("a resent event is a duplicate, and the total does not change", async () => {
    const { page, server, complaints } = await visit();
    await send(page);
    await outcome(page).getByText("The total moved: 1 event more.").waitFor();
    await outcome(page).getByRole("button", { name: "Send again" }).click();
    await outcome(page).getByText("Duplicate", { exact: true }).waitFor();
    await outcome(page).getByText("The total did not move.").waitFor();
    expect(await getJson(server, "/api/aggregation")).toMatchObject({ rows: [{ count: 1, sum: "1200" }] });
    expect(complaints).toEqual([]);
  });

  test('"Send again" sends the previous event, not the edited one', async () => {
    const { page, server } = await visit();
    await send(page);
    await editor(page).fill('{"source":"someone","amount":1,"metric":"m","time":"2024-01-01"}');
    await outcome(page).getByRole("button", { name: "Send again" }).click();
    await outcome(page).getByText("Duplicate", { exact: true }).waitFor();
    expect(await getJson(server, "/api/aggregation")).toMatchObject({ rows: [{ count: 1 }] });
  });

  test("Ctrl and Enter send the event", async () => {
    const { page } = await visit();
    await editor(page).press("Control+Enter");
    await outcome(page).getByText("Processed", { exact: true }).waitFor();
  });
});

describe("a simulated failure", () => {
  test("before the write: the event fails and is listed as failed; a resend is processed, counted once, and the failure is not listed", async () => {
    const { page, server } = await visit();
    await simulate(page, "Before write");
    await send(page);
    await outcome(page).getByText("Failed", { exact: true }).waitFor();
    await outcome(page).getByText("HTTP 503").waitFor();
    await outcome(page).getByText("The total did not move.").waitFor();

    await page.goto(`${server.url}/#/events?status=failed`);
    await page.getByRole("row", { name: /client_A purchase 1200/ }).waitFor();

    await page.goto(`${server.url}/#/send`);
    await send(page);
    await outcome(page).getByText("Processed", { exact: true }).waitFor();
    await page.goto(`${server.url}/#/events?status=failed`);
    await page.getByText("Nothing matches").waitFor();
    expect(await getJson(server, "/api/aggregation")).toMatchObject({ rows: [{ count: 1, sum: "1200" }] });
  });

  test("after the commit: the event fails although the total changed; a resend is a duplicate, counted once", async () => {
    const { page, server } = await visit();
    await simulate(page, "After commit");
    await send(page);
    await outcome(page).getByText("Failed", { exact: true }).waitFor();
    await outcome(page).getByText("The total moved: 1 event more.").waitFor();
    await outcome(page).getByRole("button", { name: "Send again, without the failure" }).click();
    await outcome(page).getByText("Duplicate", { exact: true }).waitFor();
    await outcome(page).getByText("The total did not move.").waitFor();
    expect(await getJson(server, "/api/aggregation")).toMatchObject({ rows: [{ count: 1, sum: "1200" }] });
  });

  test("each failure describes its result beforehand", async () => {
    const { page } = await visit();
    await simulate(page, "Before write");
    await page.getByText("the event is parked as failed, and the total does not change").waitFor();
    await simulate(page, "After commit");
    await page.getByText("although the total changed").waitFor();
    await simulate(page, "Slow");
    await page.getByText("Nothing is lost, but the response comes later").waitFor();
  });
});

describe("while the user types", () => {
  test("a dry run shows the outcome and the source of each field, and writes nothing", async () => {
    const { page, server } = await visit();
    await editor(page).fill('{"source":"me","payload":{"event":"click","count":"7"}}');
    await preview(page).getByText("payload.count").waitFor();
    await preview(page).getByText("Would be processed").waitFor();
    await preview(page).getByText("the time of receipt, because the event has none").waitFor();
    expect(await getJson(server, "/api/events")).toMatchObject({ events: [] });
  });

  test("invalid JSON is shown with its line, and cannot be sent", async () => {
    const { page, server } = await visit();
    await editor(page).fill('{\n  "source": "me",\n  oops\n}');
    await page.getByText('Line 3, column 3: unexpected "o"; expected a key in double quotes').waitFor();
    expect(await page.getByRole("button", { name: "Send", exact: true }).isDisabled()).toBe(true);
    await editor(page).press("Control+Enter");
    expect(await getJson(server, "/api/events")).toMatchObject({ events: [] });
  });
});

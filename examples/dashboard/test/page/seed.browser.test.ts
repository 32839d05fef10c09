import { expect, test } from "vitest";
import { expectRealTotals } from "../server/seed/expect-real-totals.js";
import { visitor } from "./visit.js";

const visit = visitor();

test("filling with real data shows its progress and its counts and how to remove the data, and the totals change", async () => {
  const { page, server, complaints } = await visit({ path: "/#/totals" });
  await page.getByText("Nothing was counted yet").waitFor();
  await page.getByRole("banner").getByRole("button", { name: "Fill with real data" }).click();
  const dialog = page.getByRole("dialog", { name: "Fill with real data" });
  await dialog.getByText("stop the server: this store is only in memory.").waitFor();
  await dialog.getByRole("button", { name: "Fill", exact: true }).click();
  await dialog.getByRole("progressbar", { name: "Records sent" }).waitFor();
  await dialog
    .getByText("Done. Every record was sent twice and is counted once.")
    .waitFor({ timeout: 60_000 });
  await dialog.getByText("43,414 of 43,414").waitFor();
  expect(await dialog.getByText("21,707", { exact: true }).count()).toBe(2);

  await dialog.getByRole("link", { name: "See the totals" }).click();
  await page.getByRole("row", { name: /^ATL 846 6611/ }).waitFor();
  await page.goto(`${server.url}/#/totals?groupBy=none`);
  await page.getByRole("row", { name: /^21,707 156694\.39/ }).waitFor();
  await expectRealTotals(server);
  expect(complaints).toEqual([]);
});

test("a second run shows that no record was counted again", async () => {
  const { page, server } = await visit();
  await server.seedJob.run();
  await page.reload();
  await page.getByRole("button", { name: "Fill with real data" }).click();
  await page.getByRole("button", { name: "Fill again" }).click();
  await page
    .getByText("All records were stored before, so none was counted again.")
    .waitFor({ timeout: 60_000 });
});

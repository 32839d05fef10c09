import { expect, test } from "vitest";
import { startServer } from "../../server/start-server.js";
import { post, purchase, running } from "../server/running.js";
import { visitor } from "./visit.js";

const visit = visitor();

test("an unreachable server is shown with the time of the next try; old rows stay, and the page recovers", async () => {
  const server = await running();
  await post(`${server.url}/api/events`, purchase);
  const { page } = await visit({ server, path: "/#/events", movableClock: true });
  await page.getByRole("row", { name: /client_A/ }).waitFor();

  await server.stop();
  await page.clock.fastForward(16_000);
  await page.getByText("The server does not respond. What you see may be old.").waitFor();
  await page.getByText(/^Next try in \d s$/).waitFor();
  await page.getByRole("banner").getByText("Offline").waitFor();
  expect(await page.getByRole("row", { name: /client_A/ }).count()).toBe(1);

  const again = await startServer({
    host: "127.0.0.1",
    port: Number(new URL(server.url).port),
    store: { kind: "memory" },
  });
  try {
    await page.getByRole("button", { name: "Try now" }).click();
    await page.getByText("The server does not respond.").waitFor({ state: "hidden" });
    // the new server has an empty store, so the page has loaded its data again
    await page.getByText("No events yet").waitFor();
  } finally {
    await again.stop();
  }
});

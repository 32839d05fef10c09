// takes the screenshot for the README; run it with: node examples/dashboard/scripts/screenshot.mjs
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const picture = fileURLToPath(new URL("../../../docs/dashboard.png", import.meta.url));

const server = spawn(process.execPath, ["scripts/start.mjs", "--seed"], {
  cwd: root,
  env: { ...process.env, EVT_STORE: "memory", PORT: "0" },
  stdio: ["ignore", "pipe", "inherit"],
});

try {
  await takePicture(await seededServer());
} finally {
  server.kill("SIGTERM");
}

/** Returns the server's address after all real data was sent. */
async function seededServer() {
  let url;
  for await (const line of createInterface(server.stdout)) {
    url ??= line.match(/http:\/\/\S+/)?.[0];
    if (line.startsWith("seeded")) return url;
  }
  throw new Error("the server ended before the data was sent");
}

/** Sends an event twice, and takes the screenshot. The second event is a duplicate, so the total does not change. */
async function takePicture(url) {
  const browser = await chromium.launch({
    executablePath: process.env.EVT_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 760 }, colorScheme: "light" });
    await page.goto(url);
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByText("The total moved").waitFor();
    await page.getByRole("button", { name: "Send again" }).click();
    await page.getByText("The total did not move").waitFor();
    await page.getByText("A dry run").waitFor();
    await page.mouse.move(0, 0);
    await page.evaluate("document.activeElement.blur(); scrollTo(0, 0); document.fonts.ready");
    await page.screenshot({ path: picture, animations: "disabled" });
  } finally {
    await browser.close();
  }
}

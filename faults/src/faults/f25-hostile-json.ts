import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "../harness/fault.js";
import type { Tally } from "../harness/tally.js";
import { duringTraffic } from "../rig/during-traffic.js";
import { head, responseTo } from "../rig/raw-request.js";
import type { Rig } from "../rig/rig.js";

const keys = Array.from({ length: 400_000 }, (_, i) => `"${i}":0`).join(",");

const MOST_TRIES = 10;
/** The value of the response's `Retry-After`. */
const RETRY_AFTER_MS = 1_000;

/** Bodies and the statuses that each may get. */
const BODIES: readonly (readonly [what: string, body: string, statuses: readonly number[]])[] = [
  ["arrays nested 200,000 deep", `${"[".repeat(200_000)}${"]".repeat(200_000)}`, [400]],
  ["objects nested 200,000 deep", `${'{"a":'.repeat(200_000)}1${"}".repeat(200_000)}`, [400]],
  ["400,000 keys", `{${keys}}`, [413]],
  ["a million elements", `{"clientId":"a","amount":1,"list":[${"0,".repeat(999_999)}0]}`, [413]],
  ["a number of 100,000 digits", `{"clientId":"a","amount":${"9".repeat(100_000)}}`, [422]],
  ["an exponent of 100,000 digits", `{"clientId":"a","amount":1e${"9".repeat(100_000)}}`, [422]],
];

export const hostileJson: Fault = {
  name: "F25",
  title: "nesting of 200,000, hundreds of thousands of keys, a number of 100,000 digits",
  rounds: { full: 20, short: 1 },
  run: (context) => duringTraffic(context, {}, attack),
};

async function attack({ server: { url } }: Rig, tally: Tally): Promise<void> {
  await Promise.all(
    BODIES.map(async ([what, body, statuses]) => {
      const response = await acceptedOf(url, body);
      const isExpected = statuses.some((status) => response.startsWith(`HTTP/1.1 ${status} `));
      tally.expect(isExpected, `${what}: the response was ${response === "" ? "missing" : response}`);
    }),
  );
}

/**
 * Sends a body until the response is not a 503, at most {@link MOST_TRIES} times. The server may still hold the memory of the
 * previous round's bodies. Together, the bodies of two rounds exceed one tenant's share. Returns the start of the last
 * response.
 */
async function acceptedOf(url: string, body: string): Promise<string> {
  for (let tries = 1; ; tries++) {
    const response = (await responseTo(url, [head("x", `Content-Length: ${body.length}`), body])) ?? "";
    if (!response.startsWith("HTTP/1.1 503 ") || tries === MOST_TRIES) return response;
    await sleep(RETRY_AFTER_MS);
  }
}

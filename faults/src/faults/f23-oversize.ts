import type { Fault } from "../harness/fault.js";
import type { Tally } from "../harness/tally.js";
import { duringTraffic } from "../rig/during-traffic.js";
import { head, statusOf } from "../rig/raw-request.js";
import type { Rig } from "../rig/rig.js";

const MIB = 2 ** 20;

export const oversize: Fault = {
  name: "F23",
  title: "oversized bodies: by Content-Length, endless chunks, one huge event, a million events",
  rounds: { full: 20, short: 1 },
  run: (context) => duringTraffic(context, {}, attack),
};

/** The time within which the server must refuse a body, without waiting for the whole body. */
const SOON_MS = 15_000;

async function attack({ server: { url } }: Rig, tally: Tally): Promise<void> {
  const huge = `{"clientId":"a","amount":1,"text":"${"x".repeat(6 * MIB)}"}`;
  const million = `[${"{},".repeat(999_999)}{}]`;
  const attacks: readonly (readonly [string, Iterable<string>])[] = [
    ["100 MiB by Content-Length", [head("x", `Content-Length: ${100 * MIB}`)]],
    ["endless chunks", endless()],
    ["one huge event", [head("x", `Content-Length: ${huge.length}`), huge]],
    ["a million events", [head("x", `Content-Length: ${million.length}`), million]],
  ];
  await Promise.all(
    attacks.map(async ([what, pieces]) => {
      const began = performance.now();
      const status = await statusOf(url, pieces);
      const ms = performance.now() - began;
      tally.expect(status === 413, `${what} got ${status}`);
      tally.expect(ms < SOON_MS, `${what} got its response after ${Math.round(ms)} ms`);
    }),
  );
}

function* endless(): Generator<string> {
  yield head("x", "Transfer-Encoding: chunked");
  const chunk = `10000\r\n${"x".repeat(65_536)}\r\n`;
  for (;;) yield chunk;
}

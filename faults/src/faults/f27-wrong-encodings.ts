import type { Fault } from "../harness/fault.js";
import type { Tally } from "../harness/tally.js";
import { duringTraffic } from "../rig/during-traffic.js";
import { head, statusOf } from "../rig/raw-request.js";
import type { Rig } from "../rig/rig.js";

const EVENT = '{"clientId":"a","amount":1}';
const length = (body: string | Buffer) => `Content-Length: ${Buffer.byteLength(body)}`;
const utf16 = Buffer.from(EVENT, "utf16le");
const invalid = Buffer.concat([
  Buffer.from('{"clientId":"'),
  Buffer.from([0xc3, 0x28]),
  Buffer.from('","amount":1}'),
]);

const REQUESTS: readonly (readonly [what: string, pieces: readonly (string | Buffer)[], status: number])[] = [
  ["invalid UTF-8", [head("x", length(invalid)), invalid], 400],
  [
    "UTF-16 with its charset",
    [head("x", "Content-Type: application/json; charset=utf-16", length(utf16)), utf16],
    415,
  ],
  ["UTF-16 without its charset", [head("x", length(utf16)), utf16], 400],
  ["another type", [head("x", "Content-Type: text/plain", length(EVENT)), EVENT], 415],
  ["an unknown encoding", [head("x", "Content-Encoding: zstd-9", length(EVENT)), EVENT], 415],
  ["a body that is not gzip", [head("x", "Content-Encoding: gzip", length(EVENT)), EVENT], 400],
  ["a duplicate Content-Length", [head("x", length(EVENT), "Content-Length: 5"), EVENT], 400],
  [
    "Content-Length and chunks",
    [head("x", length(EVENT), "Transfer-Encoding: chunked"), `1b\r\n${EVENT}\r\n0\r\n\r\n`],
    400,
  ],
  ["half an event", [head("x", "Content-Length: 10"), EVENT.slice(0, 10)], 400],
  ["no body", [head("x", "Content-Length: 0")], 400],
];

export const wrongEncodings: Fault = {
  name: "F27",
  title: "invalid UTF-8, UTF-16, wrong types and encodings, duplicate lengths",
  rounds: { full: 20, short: 2 },
  run: (context) => duringTraffic(context, {}, attack),
};

async function attack({ server: { url } }: Rig, tally: Tally): Promise<void> {
  for (const [what, pieces, expected] of REQUESTS) {
    const status = await statusOf(url, pieces);
    tally.expect(status === expected, `${what} got ${status} instead of ${expected}`);
  }
}

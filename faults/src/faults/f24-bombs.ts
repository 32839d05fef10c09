import { brotliCompressSync, constants, deflateSync, gzipSync } from "node:zlib";
import type { Fault } from "../harness/fault.js";
import type { Tally } from "../harness/tally.js";
import { duringTraffic } from "../rig/during-traffic.js";
import { head, statusOf } from "../rig/raw-request.js";
import type { Rig } from "../rig/rig.js";

const INFLATED = 100 * 2 ** 20;
const AT_ONCE = 8;

export const bombs: Fault = {
  name: "F24",
  title: "gzip, deflate and brotli bombs of 100 MiB, 24 at the same time",
  rounds: { full: 20, short: 1 },
  run: (context) => {
    const bomb = Buffer.alloc(INFLATED, " ");
    const fast = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
    const bodies = [
      ["gzip", gzipSync(bomb)],
      ["deflate", deflateSync(bomb)],
      ["br", brotliCompressSync(bomb, fast)],
    ] as const;
    const attack = async ({ server: { url } }: Rig, tally: Tally) => {
      await Promise.all(
        Array.from({ length: AT_ONCE }, () => bodies)
          .flat()
          .map(async ([encoding, body]) => {
            const lines = [`Content-Length: ${body.length}`, `Content-Encoding: ${encoding}`];
            const status = await statusOf(url, [head("x", ...lines), body]);
            // a 503 is also correct, if the memory for bodies is used up
            tally.expect(status === 413 || status === 503, `a bomb of ${encoding} got ${status}`);
          }),
      );
    };
    return duringTraffic(context, {}, attack);
  },
};

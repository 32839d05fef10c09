import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Fault } from "../harness/fault.js";
import { History } from "../history/history.js";
import { sendUntilSettled } from "../history/send.js";
import { newEvents } from "../history/sent-event.js";
import { underTraffic } from "../rig/under-traffic.js";

export const sigterm: Fault = {
  name: "F29",
  title: "SIGTERM under load: readiness is 503, calls in flight finish, exit code 0",
  rounds: { full: 40, short: 2 },
  run: (context) =>
    underTraffic(context, {
      fault: async ({ rig, tally, round }) => {
        const tenantId = `term ${round}`;
        const began = performance.now();
        const { server, database } = rig;
        const client = new pg.Client({ connectionString: database.url });
        await client.connect();
        // requests in flight now wait until the lock is released
        await client.query("begin; lock table evt.claim in access exclusive mode");
        const history = new History();
        const inFlight = sendUntilSettled(
          newEvents(3, tenantId),
          () => ({ url: server.url, tenantId }),
          history,
        );
        await sleep(50);
        // the server has accepted the requests above before this one
        await fetch(`${server.url}/health/live`);
        server.kill("SIGTERM");
        const status = await notReady(server.url);
        tally.expect(status === 503, `during draining, a request for /ready got ${status}`);
        await client.query("commit");
        await client.end();
        const { code, signal } = await server.child.over;
        tally.expect(code === 0, `the server ended with exit code ${code}, signal ${signal}`);
        await inFlight;
        const broken = [...history.keys.values()].filter(({ unknown }) => unknown > 0).length;
        tally.expect(broken === 0, `${broken} events in flight got no outcome`);
        await server.replace();
        await rig.check(tally, history, tenantId);
        return began;
      },
    }),
};

const DRAINING_WITHIN_MS = 10_000;

/**
 * Requests readiness until its status is not 200 or time is up. Returns the last status. The signal may arrive late.
 */
async function notReady(url: string): Promise<number> {
  for (const began = performance.now(); ; ) {
    const { status } = await fetch(`${url}/health/ready`);
    if (status !== 200 || performance.now() - began > DRAINING_WITHIN_MS) return status;
    await sleep(10);
  }
}

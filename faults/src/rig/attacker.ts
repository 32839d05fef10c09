import { setPriority } from "node:os";
import { argument, onMessage, send } from "@evt/programs/parent";
import { Attack } from "./attack.js";

const { url, tenantId } = argument<{ readonly url: string; readonly tenantId: string }>();

// a real attacker has its own machine; this process must not take processor time from the other tenants' senders
setPriority(10);

const attack = new Attack(url, tenantId);
await attack.prepare();
send("prepared");

onMessage<"begin" | "end">((what) => {
  if (what === "begin") attack.begin();
  else void end();
});
process.once("disconnect", () => process.exit(0));

async function end(): Promise<void> {
  await attack.end();
  send(attack.summary());
}

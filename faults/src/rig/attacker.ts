import { setPriority } from "node:os";
import { argument, onMessage, send } from "@evt/programs/parent";
import { Attack } from "./attack.js";

const { url, tenantId } = argument<{ readonly url: string; readonly tenantId: string }>();

// a real attacker has its own machine; here it must not take processor time from the neighbour's senders
setPriority(10);

const attack = new Attack(url, tenantId);
await attack.prepare();
send("prepared");

onMessage<"begin" | "end">(async (what) => {
  if (what === "begin") attack.begin();
  else {
    await attack.end();
    send(attack.summary());
  }
});
process.once("disconnect", () => process.exit(0));

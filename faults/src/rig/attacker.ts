import { setPriority } from "node:os";
import { answer, argument, told } from "@evt/programs/parent";
import { Attack } from "./attack.js";

const { url, tenantId } = argument<{ readonly url: string; readonly tenantId: string }>();

// An attacker has processors of its own: here its process must not keep the neighbour's sender from its own.
setPriority(10);

const attack = new Attack(url, tenantId);
await attack.prepare();
answer("prepared");

told<"begin" | "end">(async (what) => {
  if (what === "begin") attack.begin();
  else {
    await attack.end();
    answer(attack.told());
  }
});
process.once("disconnect", () => process.exit(0));

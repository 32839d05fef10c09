import { lostOnTheWay } from "../rig/lost-on-the-way.js";

export const responseLost = lostOnTheWay({
  name: "F7",
  title: "the response to a COMMIT is lost",
  rounds: { full: 1_000, short: 30 },
  fault: "lost response",
});

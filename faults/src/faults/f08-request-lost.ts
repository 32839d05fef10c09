import { lostOnTheWay } from "../rig/lost-on-the-way.js";

export const requestLost = lostOnTheWay({
  name: "F8",
  title: "the request is lost before the COMMIT",
  rounds: { full: 1_000, short: 30 },
  fault: "lost request",
});

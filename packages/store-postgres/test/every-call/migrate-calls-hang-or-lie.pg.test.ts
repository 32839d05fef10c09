import { depth } from "../../../../test/setup/depth.js";
import { ANOMALIES, FAILING } from "./anomalies.js";
import { OPERATIONS } from "./operations.js";
import { tryOperations } from "./trials.js";

tryOperations(
  OPERATIONS.filter(({ name }) => name === "migrate"),
  depth("sample", "each statement"),
  ANOMALIES.filter((anomaly) => !FAILING.includes(anomaly)),
);

import { depth } from "../../../../test/setup/depth.js";
import { FAILING } from "./anomalies.js";
import { OPERATIONS } from "./operations.js";
import { tryOperations } from "./trials.js";

tryOperations(
  OPERATIONS.filter(({ name }) => name === "migrate"),
  depth("sample", "each statement"),
  FAILING,
);

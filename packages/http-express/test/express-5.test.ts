import { describe, expect, it } from "vitest";
import { describeContract } from "../../http/test/contract/contract.js";
import { createHealthRouter } from "../src/index.js";
import { expressMount } from "./express-mount.js";

describe("Express 5", () => {
  it("the sources use version 5: its routers have no process_params", () => {
    expect(createHealthRouter({ evt: { ping: async () => undefined } })).not.toHaveProperty("process_params");
  });

  describeContract(expressMount("Express 5"));
});

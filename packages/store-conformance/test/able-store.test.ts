import { describeStore } from "@evt/store-conformance/vitest";
import { ableHarness } from "./able-store.js";

describeStore("a store in memory to which every test applies", ableHarness());

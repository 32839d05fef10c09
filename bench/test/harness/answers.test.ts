import { expect, test } from "vitest";
import { answersPerSecond } from "../../src/harness/answers.js";

test("answers are counted for a while, one after the other", async () => {
  let answers = 0;
  const rate = await answersPerSecond(async () => {
    answers++;
    await new Promise((resolve) => setTimeout(resolve, 20));
  });
  expect(answers).toBeGreaterThan(1);
  expect(rate).toBeLessThan(55);
});

test("what takes long is asked once", async () => {
  let answers = 0;
  const rate = await answersPerSecond(async () => {
    answers++;
    await new Promise((resolve) => setTimeout(resolve, 400));
  });
  expect(answers).toBe(1);
  expect(rate).toBeLessThan(2.6);
});

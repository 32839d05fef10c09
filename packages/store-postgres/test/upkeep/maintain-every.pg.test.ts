import { maintainEvery } from "@evt/store-postgres";
import { expect, it } from "vitest";
import { fixture, testPool } from "../fixture.js";

it("reports a run's error, tries again, and ignores errors of listeners", async () => {
  const { admin, schema } = await fixture();
  await admin.query(`alter table ${schema}.tally rename to elsewhere`);
  const errors: unknown[] = [];
  await new Promise<void>((resolve) => {
    const stop = maintainEvery(admin, 1, {
      schema,
      monthsAhead: 1,
      onError: (error) => {
        errors.push(error);
        void admin.query(`alter table if exists ${schema}.elsewhere rename to tally`);
        throw new Error("a listener fails");
      },
      onMaintained: () => {
        void stop().then(resolve);
        throw new Error("a listener fails");
      },
    });
  });
  expect(errors[0]).toMatchObject({ code: "42P01" });
});

it("does not start a run once it is stopped, and resolves when the current run has ended", async () => {
  const { admin, schema } = await fixture();
  let runs = 0;
  const stop = maintainEvery(admin, 1, {
    schema,
    monthsAhead: 1,
    onError: () => expect.fail("no run fails"),
    onMaintained: () => void runs++,
  });
  await stop();
  expect(runs).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(runs).toBe(1);
});

it.each([
  [0, {}, "ms is 0"],
  [1_000, {}, "maintainEvery needs onError"],
  [1_000, { onError: () => undefined, now: new Date() }, 'no option "now"'],
  [1_000, { onError: () => undefined, monthsAhead: -1 }, "monthsAhead is -1"],
  [1_000, { onError: () => undefined, schema: "pg_x" }, 'schema is "pg_x"'],
] as [number, object, string][])("refuses %s, %j", (ms, options, message) => {
  expect(() => maintainEvery(testPool(), ms, options as never)).toThrow(message);
});

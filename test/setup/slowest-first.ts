import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * The slowest test files, slowest first. If a slow file began last, it would run alone while other cores are idle.
 */
const SLOWEST = [
  "migrate-calls-fail.pg.test.ts",
  "migrate-calls-hang-or-lie.pg.test.ts",
  "every-call.pg.test.ts",
  "postgres-store.pg.test.ts",
  "upgrades.pg.test.ts",
  "rows.pg.test.ts",
  "start-local-postgres.pg.test.ts",
  "every-call-fails.pg.test.ts",
  "posts.pg.test.ts",
  "locks.pg.test.ts",
  "killed.pg.test.ts",
  "broken-stores.test.ts",
  "express-5.test.ts",
  "hono.test.ts",
  "fastify.test.ts",
  "express-4.test.ts",
  "simulation.prop.test.ts",
  "regular-expressions.test.ts",
  "seed-job.pg.test.ts",
];

/**
 * Runs the projects one after the other, because a worker that changes its project starts again. In a project, runs the
 * slowest files first, even on a fresh clone, where vitest does not know how long a file takes.
 */
export class SlowestFirst extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(specifications);
    const slowest = SLOWEST.flatMap((name) => others.filter(({ moduleId }) => moduleId.endsWith(`/${name}`)));
    const files = [...new Set([...slowest, ...others])];
    const projects = [...new Set(others.map(({ project }) => project.name))];
    return projects.flatMap((name) => files.filter(({ project }) => project.name === name));
  }
}

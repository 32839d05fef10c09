import express, { type Router } from "express";
import type { SeedJob } from "./seed-job.js";

/**
 * Creates a router: `GET /seed` returns the progress, and `POST /seed` starts a run. `removal` has the instructions to
 * remove the data.
 */
export function seedRouter(job: SeedJob, removal: string): Router {
  const router = express.Router();
  router.get("/seed", (_req, res) => {
    res.set("Cache-Control", "no-store").json({ ...job.status(), removal });
  });
  router.post("/seed", (_req, res) => {
    void job.run();
    res.status(202).json({ ...job.status(), removal });
  });
  return router;
}

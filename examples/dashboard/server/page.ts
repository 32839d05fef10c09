import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import express, { type Response, type Router } from "express";

const BUILT = join(dirname(fileURLToPath(import.meta.url)), "..", "dist", "page");

/** The built page. Files in `assets` are named for their content and never change; the rest is asked about each time. */
export function pageRouter(folder = BUILT): Router {
  const router = express.Router();
  router.use(express.static(folder, { cacheControl: false, setHeaders }));
  return router;
}

function setHeaders(res: Response, path: string): void {
  const forever = path.includes(`${sep}assets${sep}`);
  res.set("Cache-Control", forever ? "public, max-age=31536000, immutable" : "no-cache");
}
